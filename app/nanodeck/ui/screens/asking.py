"""Requests that wait for the person: when they come up, how the person gets to them, what is answered."""

from __future__ import annotations

from textual import on, work
from textual.timer import Timer

from nanodeck.contracts.commands import AskTrust, Decide
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import DescribeCommand
from nanodeck.contracts.requests import Request
from nanodeck.contracts.views import ReviewView
from nanodeck.ui.attention import POLL_SECONDS, Attention
from nanodeck.ui.facts import review_in_view
from nanodeck.ui.gate import Focus, Situation
from nanodeck.ui.host import Host
from nanodeck.ui.screens.goingback import GoingBack
from nanodeck_widgets.approval import messages
from nanodeck_widgets.status import TitleBar


class Asking(GoingBack):
    """Brings requests up once it is furnished, and sends on what is answered."""

    def __init__(self, options: Options, host: Host) -> None:
        super().__init__(options, host)
        self.attention: Attention
        self._look_again: Timer
        self._chosen = ""

    async def furnish(self) -> None:
        """Requests come up by themselves once there is something to show them."""
        await super().furnish()
        if not self.furnished:
            return
        self.attention = Attention(self.approval, self.host.gate, self.situation, self._poll)
        self._look_again = self.set_interval(POLL_SECONDS, self.attention.consider, pause=True)

    def situation(self) -> Situation:
        """What the person is doing, for requests that want to open."""
        place = self.place
        focus: Focus = "prompt" if place == "prompt" else "chat" if place == "chat" else "elsewhere"
        busy = self.app.screen is not self or self.leading or self.area.prompt.has_list
        return Situation(focus, prompt_empty=not self.area.prompt.text, dialog_open=busy)

    def _poll(self, on: bool) -> None:
        if on:
            self._look_again.resume()
        else:
            self._look_again.pause()

    def action_oldest_request(self) -> None:
        """Open what has waited longest; from a request that is open already, the next one."""
        waiting = self.session.waiting
        requests = [request.id for request in waiting]
        if not requests:
            self.app.notify("nothing waits for you", timeout=3)
            return
        here = self._request_here()
        place = requests.index(here) + 1 if here in requests else 0
        request = waiting[place % len(requests)]
        if request.changeset:
            self._go_to_review(request.changeset)
        else:
            self._open_request(request)

    def _open_request(self, request: Request) -> None:
        self.attention.bring(request.id)
        self.set_focus(self.approval, scroll_visible=False)

    def ask_trust(self) -> None:
        """Ask whether the folder is trusted, with the question that waits if there is one."""
        beside = next((request for request in self.session.requests if request.beside), None)
        if beside is None:
            self.host.send(AskTrust())
        else:
            self._open_request(beside)

    def _request_here(self) -> str:
        """The request the person stands at; empty for none."""
        if self.place == "approval":
            return self.approval.shown
        review = self.review if self.place == "diff" and self._source is None else None
        return review.request if review is not None else ""

    @property
    def review(self) -> ReviewView | None:
        """The review in the diff pane."""
        return review_in_view(self.session, self._chosen)

    def _go_to_review(self, changeset: str) -> None:
        """Look at one of the reviews that wait, in its pane."""
        self.look_at(changeset)
        self.approval.leave()
        self.show_source(None)

    def look_at(self, changeset: str) -> None:
        """Have the diff pane show this one of the reviews that wait."""
        self._put_source(None)
        if changeset != self._chosen:
            self._chosen = changeset
            self.diff.show(self.review)

    @on(TitleBar.RequestsWanted)
    def _badge_clicked(self) -> None:
        self.action_oldest_request()

    @on(messages.Answered)
    def _answered(self, message: messages.Answered) -> None:
        self.attention.answered(message.request)
        self.host.send(Decide(message.request, message.answer))

    @on(messages.Left)
    def _approval_left(self, message: messages.Left) -> None:
        self.attention.put_off(message.requests)
        if message.note:
            self.app.notify(message.note, timeout=3)

    @on(messages.Rewritten)
    def _rewritten(self, message: messages.Rewritten) -> None:
        self._describe(DescribeCommand(message.request, message.command))

    @work(exclusive=True, group="describe")
    async def _describe(self, query: DescribeCommand) -> None:
        try:
            self.approval.describe(await self.host.ask(query))
        except NanodeckError as error:
            self.app.notify(error.message, severity="warning", markup=False)

    @on(messages.DraftReturned)
    def _draft_returned(self, message: messages.DraftReturned) -> None:
        self.area.prompt.give_back([message.text])

    @on(messages.ReviewShown)
    def _review_shown(self, message: messages.ReviewShown) -> None:
        self.look_at(message.changeset)

    @on(messages.ReviewWanted)
    def _review_asked_for(self, message: messages.ReviewWanted) -> None:
        self._go_to_review(message.changeset)
