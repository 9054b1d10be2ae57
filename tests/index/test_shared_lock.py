"""Many share, one is alone, and who wants to be alone is not kept waiting by newcomers."""

from __future__ import annotations

import threading

from index.shared_lock import SharedLock


def test_sharers_are_together_and_the_one_alone_is_alone() -> None:
    lock = SharedLock()
    inside = threading.Barrier(3, timeout=60)
    sharing = 0
    seen: list[int] = []

    def share() -> None:
        nonlocal sharing
        with lock.shared():
            sharing += 1
            inside.wait()  # all three are in at once, or this times out
            sharing -= 1

    def be_alone() -> None:
        with lock.alone():
            seen.append(sharing)

    threads = [threading.Thread(target=share) for _ in range(3)]
    threads += [threading.Thread(target=be_alone) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == [0, 0, 0]


def test_newcomers_wait_for_the_one_who_wants_to_be_alone() -> None:
    lock = SharedLock()
    order: list[str] = []
    first_in, let_go = threading.Event(), threading.Event()

    def first() -> None:
        with lock.shared():
            first_in.set()
            let_go.wait(60)

    def alone() -> None:
        with lock.alone():
            order.append("alone")

    def newcomer() -> None:
        with lock.shared():
            order.append("newcomer")

    threads = [threading.Thread(target=one) for one in (first, alone, newcomer)]
    threads[0].start()
    first_in.wait(60)
    threads[1].start()
    while not lock._wanting:
        pass
    threads[2].start()
    let_go.set()
    for thread in threads:
        thread.join(60)
    assert order == ["alone", "newcomer"]


def test_an_error_lets_go() -> None:
    lock = SharedLock()
    for hold in (lock.shared, lock.alone):
        try:
            with hold():
                raise ValueError
        except ValueError:
            pass
    with lock.alone():
        pass
