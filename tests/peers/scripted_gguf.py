"""Writes a small GGUF whose weights are a table, so that an unmodified llama.cpp server plays a script.

Embeddings are one-hot and every layer is zero: the scores of the next token are the output matrix'
row for the last one, and a script is a chain of tokens. Which chain is played is decided by the
chat template, which ends the prompt with the chain's first token.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_TEMPLATE = Path(__file__).with_name("scripted_chat.jinja")
_CONTEXT = 32_768
_HEAD = 64
# Each phrase is one token and stands in one script only: a token has one successor.
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "<|call|>": (
        "I will ",
        "look at ",
        "the file.\n",
        # Alone, or the server's grammar for calls does not recognise where one starts.
        "<tool_call>",
        '\n{"name": "',
        "read",
        '", "arguments": ',
        '{"path": "',
        "README",
        ".md",
        '"}}\n',
        "</tool_call>",
    ),
    "<|answer|>": ("The file ", "says hello", ". All done", " now."),
    "<|talk|>": ("Without tools ", "I can only", " talk."),
}

TEXT_BEFORE_CALL = "I will look at the file."
PATH_OF_CALL = "README.md"
ANSWER = "".join(_SCRIPTS["<|answer|>"])
SMALL_TALK = "".join(_SCRIPTS["<|talk|>"])


class _Vocabulary:
    """Tokens by number: the 256 bytes, control tokens, phrases."""

    def __init__(self) -> None:
        import gguf

        self.kinds = gguf.TokenType
        self.texts = list(_byte_names().values())
        self.types = [int(self.kinds.NORMAL)] * len(self.texts)

    def add(self, text: str, kind: int) -> int:
        """A new token's number."""
        self.texts.append(text)
        self.types.append(kind)
        return len(self.texts) - 1

    def chain(self, start: str, phrases: tuple[str, ...], end: int) -> list[int]:
        """The tokens of a script from its start to the end of the reply."""
        first = self.add(start, int(self.kinds.CONTROL))
        return [first, *(self.add(phrase, int(self.kinds.USER_DEFINED)) for phrase in phrases), end]


def _byte_names() -> dict[int, str]:
    """The printable stand-in of each byte, as byte-level tokenizers write it."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    names = {byte: chr(byte) for byte in kept}
    others = (byte for byte in range(256) if byte not in names)
    return names | {byte: chr(256 + number) for number, byte in enumerate(others)}


def write_scripted_gguf(path: Path) -> None:
    """Write the model to `path`. Needs gguf and numpy."""
    import gguf

    words = _Vocabulary()
    control = int(words.kinds.CONTROL)
    nothing, _, end = (words.add(f"<|{name}|>", control) for name in ("endoftext", "im_start", "im_end"))
    chains = [words.chain(start, phrases, end) for start, phrases in _SCRIPTS.items()]
    writer = gguf.GGUFWriter(str(path), "llama")
    _add_tokenizer(writer, words, nothing, end)
    _add_tensors(writer, len(words.texts), chains, end)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(writer: Any, words: _Vocabulary, nothing: int, end: int) -> None:
    writer.add_name("scripted")
    writer.add_vocab_size(len(words.texts))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(words.texts)
    writer.add_token_types(words.types)
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(nothing)
    writer.add_eos_token_id(end)
    writer.add_pad_token_id(nothing)
    writer.add_add_bos_token(False)
    writer.add_chat_template(_TEMPLATE.read_text(encoding="utf-8"))


def _add_tensors(writer: Any, count: int, chains: list[list[int]], end: int) -> None:
    import numpy as np

    width = (count + _HEAD - 1) // _HEAD * _HEAD
    writer.add_block_count(1)
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(_HEAD)
    writer.add_head_count(width // _HEAD)
    writer.add_head_count_kv(width // _HEAD)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_HEAD)
    writer.add_file_type(0)

    embeddings = np.zeros((count, width), np.float32)
    embeddings[:, :count] = np.eye(count)
    output = np.zeros((count, width), np.float32)
    output[end, :] = 0.5
    for chain in chains:
        output[chain[1:], chain[:-1]] = 2.0
    ones = np.ones(width, np.float32)
    tensors = {"token_embd": embeddings, "output_norm": ones, "output": output}
    tensors |= {"blk.0.attn_norm": ones, "blk.0.ffn_norm": ones}
    shapes = {f"attn_{name}": (width, width) for name in ("q", "k", "v", "output")}
    shapes |= {"ffn_gate": (_HEAD, width), "ffn_up": (_HEAD, width), "ffn_down": (width, _HEAD)}
    tensors |= {f"blk.0.{name}": np.zeros(shape, np.float32) for name, shape in shapes.items()}
    for name, values in tensors.items():
        writer.add_tensor(f"{name}.weight", values)
