"""A small table of numbers to write into, and threads that write at once."""

import threading

import pytest

from carecampaign.core.db import db


@pytest.fixture
def app(app_of_its_own):
    """The application, to change at will."""
    return app_of_its_own


@pytest.fixture
def at_once(app):
    """Run ``work(number)`` in so many threads at the same moment; give what they answered."""

    def run(work, *, threads):
        start = threading.Barrier(threads)
        answers = []

        def one(number):
            with app.app_context():
                start.wait()
                try:
                    answers.append(work(number))
                except Exception as error:  # noqa: BLE001 - an answer like any other
                    answers.append(error)
                finally:
                    db.session.remove()

        people = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        return answers

    return run
