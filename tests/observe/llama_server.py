"""llama.cpp's OpenAI-compatible server on 127.0.0.1:PORT, with a small model of random weights.

usage: python3 llama_server.py PORT quick|steady
The model reads bytes: a token is a letter, with the blank before it if it begins a word. It says
nonsense, but it says it as a real engine does: batched, slot by slot, with reused prefixes. Prints
"ready" once it listens, and ends when its input does.

quick: answers at once, in bytes that often make no whole character, which the server holds back.
steady: takes milliseconds a step, so that HTTP and the noise of a machine weigh little; answers in
letters, so that each token is sent when it is there; and no request pays for keeping earlier prompts.
"""

import sys
import tempfile

import gguf
import numpy as np
import xllamacpp

HEAD_SIZE, CONTEXT, BATCH, SLOTS = 32, 32768, 2048, 8
SIZES = {"quick": (2, 128), "steady": (8, 384)}  # Layers and width.

SPECIAL = [(b"<unk>", 2), (b"<s>", 3), (b"</s>", 3)]
BYTES = [(f"<0x{i:02X}>".encode(), 6) for i in range(256)]
LETTERS = [(f"\u2581{letter}".encode(), 1) for letter in "abcdefghijklmnopqrstuvwxyz"]
TOKENS = SPECIAL + BYTES + LETTERS


def write_model(path: str, kind: str) -> None:
    layers, width = SIZES[kind]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(2 * width)
    writer.add_head_count(width // HEAD_SIZE)
    writer.add_head_count_kv(width // HEAD_SIZE)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(HEAD_SIZE)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in TOKENS])
    writer.add_token_scores([0.0] * len(TOKENS))
    writer.add_token_types([token_type for _, token_type in TOKENS])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    add_weights(writer, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_weights(writer: gguf.GGUFWriter, kind: str) -> None:
    layers, width = SIZES[kind]
    rng = np.random.default_rng(1)

    def random(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape) * 0.05

    def add(name: str, values: np.ndarray) -> None:
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))

    output = random(len(TOKENS), width)
    if kind == "steady":
        output[: -len(LETTERS)] = 0
        output *= 20  # The likeliest letter is far more likely than all bytes.
    add("token_embd", random(len(TOKENS), width))
    add("output_norm", np.ones(width))
    add("output", output)
    for layer in range(layers):
        for name in ("attn_norm", "ffn_norm"):
            add(f"blk.{layer}.{name}", np.ones(width))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{name}", random(width, width))
        add(f"blk.{layer}.ffn_gate", random(2 * width, width))
        add(f"blk.{layer}.ffn_up", random(2 * width, width))
        add(f"blk.{layer}.ffn_down", random(width, 2 * width))


def main() -> None:
    port, kind = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/random.gguf"
        write_model(path, kind)
        params = xllamacpp.CommonParams()
        params.model.path = path
        params.hostnames = ["127.0.0.1"]
        params.port = int(port)
        params.n_ctx = CONTEXT
        params.n_batch = BATCH
        params.n_parallel = SLOTS
        params.cpuparams.n_threads = 1
        if kind == "steady":
            params.cache_ram_mib = 0
            params.cache_idle_slots = False
        server = xllamacpp.Server(params)  # It serves as long as it is referred to.
    print("ready", flush=True)
    sys.stdin.read()
    del server


main()
