"""The prompt: editor, history, folded pastes, completion, waiting texts, all in `PromptArea`."""
