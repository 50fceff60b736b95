"""llama.cpp's OpenAI-compatible server on 127.0.0.1:PORT, with a small model of random weights.

usage: python3 llama_server.py PORT
The model reads bytes: a token is a letter, with the blank before it if it begins a word. It says
nonsense, but it says it as a real engine does: batched, slot by slot, with reused prefixes. Prints
"ready" once it listens.
"""

import sys
import tempfile
import time

import gguf
import numpy as np
import xllamacpp

LAYERS, WIDTH, HEAD_SIZE, CONTEXT, SLOTS = 2, 128, 32, 32768, 8

SPECIAL = [(b"<unk>", 2), (b"<s>", 3), (b"</s>", 3)]
BYTES = [(f"<0x{i:02X}>".encode(), 6) for i in range(256)]
LETTERS = [(f"\u2581{letter}".encode(), 1) for letter in "abcdefghijklmnopqrstuvwxyz"]
TOKENS = SPECIAL + BYTES + LETTERS


def write_model(path: str) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_head_count(WIDTH // HEAD_SIZE)
    writer.add_head_count_kv(WIDTH // HEAD_SIZE)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(HEAD_SIZE)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in TOKENS])
    writer.add_token_scores([0.0] * len(TOKENS))
    writer.add_token_types([kind for _, kind in TOKENS])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    add_weights(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_weights(writer: gguf.GGUFWriter) -> None:
    rng = np.random.default_rng(1)

    def add(name: str, *shape: int) -> None:
        is_norm = len(shape) == 1
        values = np.ones(shape) if is_norm else rng.standard_normal(shape) * 0.05
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))

    add("token_embd", len(TOKENS), WIDTH)
    add("output_norm", WIDTH)
    add("output", len(TOKENS), WIDTH)
    for layer in range(LAYERS):
        for name, shape in {
            "attn_norm": (WIDTH,),
            "attn_q": (WIDTH, WIDTH),
            "attn_k": (WIDTH, WIDTH),
            "attn_v": (WIDTH, WIDTH),
            "attn_output": (WIDTH, WIDTH),
            "ffn_norm": (WIDTH,),
            "ffn_gate": (2 * WIDTH, WIDTH),
            "ffn_up": (2 * WIDTH, WIDTH),
            "ffn_down": (WIDTH, 2 * WIDTH),
        }.items():
            add(f"blk.{layer}.{name}", *shape)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/random.gguf"
        write_model(path)
        params = xllamacpp.CommonParams()
        params.model.path = path
        params.hostnames = ["127.0.0.1"]
        params.port = int(sys.argv[1])
        params.n_ctx = CONTEXT
        params.n_parallel = SLOTS
        params.cpuparams.n_threads = 1
        server = xllamacpp.Server(params)  # It serves as long as it is referred to.
        print("ready", flush=True)
        while server:
            time.sleep(3600)


main()
