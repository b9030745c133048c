"""The providers nanodeck knows by name: where they are and which variable holds their key."""

from __future__ import annotations

from msgspec import Struct


class KnownProvider(Struct, frozen=True):
    """A provider that speaks chat completions; local ones need no key."""

    name: str
    title: str
    base_url: str
    key_variable: str = ""

    @property
    def local(self) -> bool:
        """Whether it runs on this machine."""
        return not self.key_variable


_REMOTE = (
    KnownProvider("openai", "OpenAI", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    KnownProvider("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    KnownProvider("deepseek", "DeepSeek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    KnownProvider("moonshot", "Moonshot", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
    KnownProvider(
        "dashscope",
        "DashScope",
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        "DASHSCOPE_API_KEY",
    ),
    KnownProvider("zai", "Z.ai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY"),
    KnownProvider("xai", "xAI", "https://api.x.ai/v1", "XAI_API_KEY"),
    KnownProvider("groq", "Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    KnownProvider("mistral", "Mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    KnownProvider("cerebras", "Cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
    KnownProvider("minimax", "MiniMax", "https://api.minimax.io/v1", "MINIMAX_API_KEY"),
    KnownProvider(
        "gemini", "Gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"
    ),
)
_LOCAL = (
    KnownProvider("ollama", "Ollama", "http://127.0.0.1:11434/v1"),
    KnownProvider("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1"),
    KnownProvider("llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1"),
    KnownProvider("vllm", "vLLM", "http://127.0.0.1:8000/v1"),
)

KNOWN: dict[str, KnownProvider] = {provider.name: provider for provider in (*_REMOTE, *_LOCAL)}
"""Known providers by name, remote ones first."""

LOCAL: tuple[KnownProvider, ...] = _LOCAL
"""Servers looked for on this machine."""
