"""Worker processes that make training batches, and that end when their trainer does."""

import multiprocessing as mp
import os
import queue
import random


def start_workers(count, produce, depth, *args):
    """Start `count` processes running `produce(send, seed, *args)`; returns (queue of batches, processes).

    `send(batch)` waits for room and returns False once the trainer is gone."""
    context = mp.get_context("spawn")
    batches = context.Queue(maxsize=depth)
    processes = [
        context.Process(target=run, args=(produce, batches, os.getpid(), random.randrange(1 << 30), *args), daemon=True)
        for _ in range(count)
    ]
    for process in processes:
        process.start()
    return batches, processes


def run(produce, batches, trainer, seed, *args):
    def send(batch):
        while os.getppid() == trainer:
            try:
                batches.put(batch, timeout=5)
                return True
            except queue.Full:
                continue
        batches.cancel_join_thread()
        return False

    produce(send, seed, *args)
