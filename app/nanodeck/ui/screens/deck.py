"""The deck at work: batches of events into panes, what the person does into commands."""

from __future__ import annotations

from textual import on, work
from textual.timer import Timer

from nanodeck.contracts.commands import (
    MAIN_AGENT,
    Queue,
    RunTyped,
    Send,
    StopJob,
)
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import ListFiles, ReadBranch, RecallPrompts
from nanodeck.contracts.slash import BARE_EXITS
from nanodeck.contracts.text import one_line
from nanodeck.contracts.views import AgentView, NoticeEntry, ReviewView, SessionView, ToolEntry
from nanodeck.ui.bridge import Batch
from nanodeck.ui.dialogs.dialog import dialog
from nanodeck.ui.facts import (
    state_facts,
    title_facts,
    window_title,
)
from nanodeck.ui.host import Host
from nanodeck.ui.screens.ruling import Ruling
from nanodeck.ui.skeleton import shown_folder
from nanodeck_widgets.chat.pane import ChatPane
from nanodeck_widgets.jobs import messages as jobs
from nanodeck_widgets.prompt.prompt import Prompt
from nanodeck_widgets.prompt.tokens import Item
from nanodeck_widgets.status import TitleBar

CLOCK_SECONDS = 1.0
BRANCH_LENGTH = 40


class DeckScreen(Ruling):
    """Shows one session, in the view of its main agent."""

    def __init__(self, options: Options, host: Host) -> None:
        super().__init__(options, host)
        self.started = False
        self._begun = False
        self._branch = ""
        self._clock: Timer | None = None

    def on_mount(self) -> None:
        """Say what is known without the engine."""
        self._clock = self.set_interval(CLOCK_SECONDS, self.state_bar.tick, pause=True)
        self.say_facts()

    def engine_opened(self) -> None:
        """The engine is there: fetch what it alone knows."""
        self._load_history()
        self._read_branch()

    # Events into panes.

    def apply(self, batch: Batch) -> None:
        """Show what happened; only panes whose part of the state changed are touched."""
        old, new = self.session, batch.state
        self.session, self.started = new, True
        if batch.reset or new.mode is not old.mode:
            self.mode = new.mode
        self._feed_chat(batch)
        if batch.reset or new.reviews is not old.reviews:
            self._feed_chat_reviews(new, () if batch.reset else old.reviews)
        self.feed_diff(old, self.review, reset=batch.reset)
        if batch.reset or new.comments is not old.comments:
            self.diff.show_comments(new.comments)
        if batch.reset or new.tasks is not old.tasks:
            self.tasks.show(new.tasks)
        if batch.reset or new.jobs is not old.jobs:
            self.jobs.show(new.jobs)
        agent = new.agent(MAIN_AGENT)
        if old.session and old.session != new.session:
            # Requests are numbered anew in each session.
            self.attention.update(())
        if batch.moved:
            self._look_around(agent)
        if batch.returned:
            self.area.prompt.give_back(batch.returned)
        self.say_facts()
        if old.agent(MAIN_AGENT).turn and not agent.turn:
            self.rested = self.host.gate.now
            # The turn may have switched it.
            self._read_branch()
        if batch.reset and not self._begun:
            self._begun = True
            self._begin()

    def _look_around(self, agent: AgentView) -> None:
        """What more than streamed text may have changed: hints, queue, panes, focus, requests."""
        self.area.set_busy(bool(agent.turn))
        self.show_hints()
        self.area.show_queue(agent.steer, agent.queued)
        self.keep_panes()
        self._mind_focus()
        self.attention.update(self.session.waiting)

    @dialog
    async def _begin(self) -> None:
        """What stands between the start and the first prompt: a model, a session picked from the list."""
        if self.session.model is None:
            from nanodeck.ui.screens.welcome import DEMO, DEMO_PROMPT, WelcomeScreen

            chosen = await self.app.push_screen_wait(WelcomeScreen(self.host))
            if chosen is None:
                self.app.exit()
                return
            self.host.send(chosen)
            if chosen == DEMO and not self.options.prompt:
                self.host.send(Send(DEMO_PROMPT))
        elif self.options.pick_session:
            await self._pick_session()
        if self.options.prompt:
            self.host.send(Send(self.options.prompt))

    async def _pick_session(self) -> None:
        from nanodeck.ui.dialogs.sessions import SessionScreen

        picked = await self.app.push_screen_wait(SessionScreen(self.host, self.session.session))
        if picked is not None:
            self.host.send(picked)

    @dialog
    async def pick_session(self) -> None:
        """Go on with a session picked from the list."""
        await self._pick_session()

    @dialog
    async def pick_model(self) -> None:
        """Switch to a model picked from the list."""
        from nanodeck.ui.dialogs.models import ModelScreen

        picked = await self.app.push_screen_wait(ModelScreen(self.host, self.session.model))
        if picked is not None:
            self.host.send(picked)

    @dialog
    async def pick_theme(self) -> None:
        """Look at themes, and keep one."""
        from nanodeck.ui.dialogs.themes import ThemeScreen

        picked = await self.app.push_screen_wait(ThemeScreen(self.host.preferences.theme))
        if picked is not None:
            self.host.prefer("theme", picked)

    def action_explorer(self) -> None:
        """Look around in the project and pick files for the prompt."""
        self.explore("")

    @dialog
    async def explore(self, folder: str) -> None:
        """Pick files for the prompt, beginning in `folder`."""
        from nanodeck.ui.dialogs.explorer import ExplorerScreen

        picked = await self.app.push_screen_wait(ExplorerScreen(self.host, folder))
        if picked:
            self.area.prompt.mention(picked)
        self.go_to("prompt")

    def _feed_chat(self, batch: Batch) -> None:
        agent = batch.state.agent(MAIN_AGENT)
        if batch.reset:
            self.chat.reset(agent.transcript)
            if agent.reply:
                self.chat.stream(agent.reply, "".join(agent.streamed), "".join(agent.streamed_reasoning))
            for source, tail in agent.live.items():
                self.chat.output(source, tail)
            return
        for position in sorted(batch.touched):
            entry = agent.transcript[position]
            self.chat.put(position, entry)
            if isinstance(entry, NoticeEntry) and not self.arrangement.visible("chat"):
                self._say_notice(entry)
        if agent.reply and (agent.reply in batch.text or agent.reply in batch.reasoning):
            text, reasoning = batch.text.get(agent.reply, ""), batch.reasoning.get(agent.reply, "")
            self.chat.stream(agent.reply, text, reasoning)
        for source, output in batch.outputs.items():
            if source in agent.live:
                self.chat.output(source, output)

    def _say_notice(self, notice: NoticeEntry) -> None:
        """What goes wrong is said where the person is."""
        if notice.level == "error":
            self.app.notify(one_line(notice.text, 300), severity="error", markup=False)

    def _feed_chat_reviews(self, state: SessionView, known: tuple[ReviewView, ...]) -> None:
        for changed in state.reviews:
            if not any(changed is one for one in known):
                self.chat.review(changed)

    def _mind_focus(self) -> None:
        pane = self.pane_in_focus
        if pane is not None and self.place not in self.arrangement.present:
            self.go_to("prompt")

    def rearranged(self) -> None:
        """Tabs belong to the title."""
        super().rearranged()
        self.say_facts()
        self.show_hints()

    def say_facts(self) -> None:
        """Bring title and state line up to date."""
        state = self.session
        folder = shown_folder(state.cwd or self.options.folder)
        self.host.name_terminal(window_title(state, folder))
        self.title_bar.show(
            title_facts(
                state,
                folder=folder,
                narrow=self.arrangement.narrow,
                active=self.arrangement.on,
                present=self.with_content,
                branch=self._branch,
            )
        )
        facts = state_facts(state, started=self.started)
        self.state_bar.show(facts)
        self._run(self._clock, bool(facts.since or facts.retry_at))

    def _run(self, timer: Timer | None, on: bool) -> None:
        if timer is not None:
            if on:
                timer.resume()
            else:
                timer.pause()

    @on(TitleBar.TabChosen)
    def _tab_chosen(self, message: TitleBar.TabChosen) -> None:
        self.go_to(message.name)

    # The prompt.

    @on(Prompt.Submitted)
    def _submitted(self, message: Prompt.Submitted) -> None:
        if message.text.strip().lower() in BARE_EXITS:
            self.run_command("exit", "")
        else:
            self.chat.follow = True
            if self.furnished and self.approval.is_beside:
                # Work begins without that answer.
                self.approval.leave()
            self.host.send(Send(message.text))

    @on(Prompt.Queued)
    def _queued(self, message: Prompt.Queued) -> None:
        self.host.send(Queue(message.text))

    @on(Prompt.CommandGiven)
    def _command_given(self, message: Prompt.CommandGiven) -> None:
        self.run_command(message.name, message.argument)

    def run_command(self, name: str, argument: str) -> None:
        """Run a slash command."""
        from nanodeck.ui.slash import run_slash_command

        self.used(f"/{name}")
        run_slash_command(self, name, argument)

    @on(Prompt.ShellGiven)
    def _shell_given(self, message: Prompt.ShellGiven) -> None:
        self.chat.follow = True
        self.host.send(RunTyped(message.command, message.joins))

    @on(Prompt.Refused)
    def _refused(self, message: Prompt.Refused) -> None:
        self.app.notify(message.reason, severity="warning", markup=False)

    @on(Prompt.CompletionWanted)
    def _completion_wanted(self, message: Prompt.CompletionWanted) -> None:
        self._complete(message.pattern)

    @work(exclusive=True, group="completion")
    async def _complete(self, pattern: str) -> None:
        try:
            files = await self.host.ask(ListFiles(pattern))
        except NanodeckError:
            files = ()
        self.area.offer(pattern, [Item(file) for file in files])

    @work(exclusive=True, group="branch")
    async def _read_branch(self) -> None:
        try:
            self._branch = one_line(await self.host.ask(ReadBranch()), BRANCH_LENGTH)
        except NanodeckError:
            self._branch = ""
        self.say_facts()

    @work(exclusive=True, group="history")
    async def _load_history(self) -> None:
        try:
            prompts = await self.host.ask(RecallPrompts())
        except NanodeckError as error:
            self.app.notify(error.message, severity="warning", markup=False)
        else:
            self.area.load_history(prompts)

    # What panes ask for.

    @on(ChatPane.ReviewWanted)
    def _review_wanted(self) -> None:
        self.show_source(None)

    @on(ChatPane.LinkOpened)
    def _link_opened(self, message: ChatPane.LinkOpened) -> None:
        # The link is a model's: only pages open, nothing that a handler on this machine would run.
        if message.target.startswith(("https://", "http://")):
            self.app.open_url(message.target)
        else:
            self.app.copy_to_clipboard(message.target)
            self.app.notify("copied: only web links are opened", timeout=3)

    @on(jobs.StopWanted)
    def _stop_wanted(self, message: jobs.StopWanted) -> None:
        self.host.send(StopJob(message.job))

    @on(jobs.OpenWanted)
    def _open_wanted(self, message: jobs.OpenWanted) -> None:
        self.show_output(message.job, message.job)

    @on(ChatPane.OutputWanted)
    def _output_wanted(self, message: ChatPane.OutputWanted) -> None:
        entries = self.session.agent(MAIN_AGENT).transcript
        titles = [e.title for e in entries if isinstance(e, ToolEntry) and e.id == message.call_id]
        self.show_output(message.call_id, titles[-1] if titles else message.call_id)

    def show_output(self, source: str, title: str) -> None:
        """Show all that a job or a call printed."""
        from nanodeck.ui.dialogs.output import OutputScreen

        self.app.push_screen(OutputScreen(self.host, source, title))
