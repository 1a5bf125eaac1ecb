"""`.`: the last change again, on the tickets that are marked or under the cursor now.

What is repeated is a value, the verb and the answer to its question; a promise
"in 45m" counts from now again.  What may not be done by a slip asks again, and
a text is never sent twice.
"""

from __future__ import annotations

from supporttui.console.work import Work
from supporttui.verbs.registry import BY_ID

from .table import action


async def repeat(work: Work) -> None:
    last = work.last
    if last is None:
        return
    verb = BY_ID[last.verb]
    why = verb.why_disabled(work.screen.situation())
    if why:
        work.app.say(f"{verb.title} again: {why}", "warning")
    elif verb.dangerous:
        await action(verb.id)(work)
    elif last.argument is None:
        work.app.say(
            f"{verb.title} is not done again by itself: what it wrote belongs to one ticket", "warning"
        )
    else:
        await work.apply(verb.id, work.targets(), last.argument)
