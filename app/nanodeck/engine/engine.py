"""The engine: takes commands one by one, answers queries, owns the present session."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from nanodeck.contracts import commands as cmd, events as ev
from nanodeck.contracts.commands import MAIN_AGENT, Command
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.requests import Answer, ReviewDetail
from nanodeck.core.prompt import late_instructions
from nanodeck.engine.agents import Agents
from nanodeck.engine.bus import Buffer, Bus
from nanodeck.engine.permissions.trusting import Counts
from nanodeck.engine.resuming import resume
from nanodeck.engine.session import Session
from nanodeck.engine.setup import Setup
from nanodeck.store.sessions import folder_of

_log = logging.getLogger(__name__)


class Engine:
    """Lives on the engine's loop. `set_up` makes the setup for a folder, or for the demo's."""

    def __init__(self, bus: Bus, agents: Agents, set_up: Callable[[bool], Setup]) -> None:
        self.agents = agents
        self.bus = bus
        self._set_up = set_up
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self._outdated = False
        self._beside: set[asyncio.Task[None]] = set()
        self._worker = asyncio.create_task(self._work(), name="commands")
        self._warming = asyncio.create_task(self.session.models.warm_up(), name="warm-up")

    @property
    def session(self) -> Session:
        """The present session."""
        return self.agents.session

    def take(self, command: Command) -> None:
        """Put `command` in line; commands are carried out in order."""
        self._commands.put_nowait(command)

    def attach(self, buffer: Buffer) -> None:
        """Fill `buffer` from now on."""
        self.bus.add(buffer, self.session.snapshot)
        self._heard()

    def _heard(self) -> None:
        """A face listens to the present session."""
        self.session.tell_unheard()
        self._aside("AskTrust", self.agents.trusting.ask())

    async def close(self) -> None:
        """End the session."""
        self._worker.cancel()
        self._warming.cancel()
        try:
            await self.agents.close()
        finally:
            await self.session.models.close()

    def kill_all(self) -> None:
        """Kill everything that runs, at once and from any thread, for a way out that cannot wait."""
        self.session.kill_all()

    async def _work(self) -> None:
        while True:
            command = await self._commands.get()
            await self._told(type(command).__name__, self._carry_out(command))

    async def _told(self, name: str, work: Awaitable[None]) -> None:
        """Do `work`; what goes wrong is said, and the next command can come."""
        try:
            await work
        except NanodeckError as error:
            self._notice(error.message, error.advice)
        except Exception as error:
            _log.exception("command %s failed", name)
            self._notice(f"{name}: {error}", f"the log has more: {self.session.log_path}")

    def _aside(self, name: str, work: Awaitable[None]) -> None:
        """Do `work` beside the commands that follow: a stop must not wait for it."""
        task = asyncio.create_task(self._told(name, work), name=name)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _notice(self, text: str, advice: str) -> None:
        self.session.publish(MAIN_AGENT, ev.Noticed("error", text, advice))

    async def _carry_out(self, command: Command) -> None:
        session, main = self.session, self.agents.main
        match command:
            case cmd.Send(text=text):
                main.send(text)
            case cmd.Queue(text=text):
                main.queue(text)
            case cmd.Cancel():
                await main.cancel()
            case cmd.Decide(request=request, answer=answer):
                settles = self.agents.trusting.is_about(request)
                session.requests.answer(request, answer)
                if settles:
                    await self._steer(await self.agents.trusting.settle())
            case cmd.MarkHunks(changeset=changeset, marks=marks, shown=shown):
                self.agents.reviews.mark(changeset, marks, shown)
            case cmd.SplitHunk(changeset=changeset, path=path, hunk=hunk):
                self.agents.reviews.split(changeset, path, hunk)
            case cmd.UndoDecision(changeset=changeset):
                self.agents.reviews.undo_decision(changeset)
            case cmd.RedoDecision(changeset=changeset):
                self.agents.reviews.redo_decision(changeset)
            case cmd.SendReview(request=request, message=message):
                if (opened := session.requests.find(request)) and isinstance(opened.detail, ReviewDetail):
                    session.requests.answer(request, Answer("once", message))
            case cmd.WriteComment(comment=comment):
                self.agents.comments.write(comment)
            case cmd.DropComment(id=dropped):
                self.agents.comments.drop(dropped)
            case cmd.SendComments(message=message):
                main.send(*await self.agents.comments.take(message))
            case cmd.RunTyped():
                self.agents.typed.start(command)
            case cmd.StopTyped():
                await self.agents.typed.stop()
            case cmd.StopJob(job=job):
                self._aside("StopJob", session.jobs.stop(job))
            case _:
                await _RARE[type(command)](self, command)

    async def mark_file(self, command: cmd.MarkFile) -> None:
        """Remember that the person has reviewed a file."""
        self.session.publish(MAIN_AGENT, ev.FileMarked(command.file, command.reviewed))

    async def switch_mode(self, command: cmd.SwitchMode) -> None:
        """Change the mode, also in mid-turn."""
        if command.mode is not self.session.state.mode:
            self.session.publish(MAIN_AGENT, ev.ModeSwitched(command.mode))

    async def set_sandbox(self, command: cmd.SetSandbox) -> None:
        """Confine commands otherwise from the next one on."""
        await self.session.confining.set(command.access, command.network)

    async def switch_model(self, command: cmd.SwitchModel) -> None:
        """Call another model from the next model call on."""
        models = self.session.models
        ref = models.resolve(command.name, command.provider)
        if models.is_demo(ref) != models.is_demo(self.session.state.model):
            # The demo works on a copy of its own project, never on the person's.
            setup = await asyncio.to_thread(self._set_up, models.is_demo(ref))
            setup.models.use(setup.models.resolve(command.name, command.provider))
            await self._replace(lambda: Agents.begin(setup, self.bus))
            return
        models.use(ref)
        self.session.publish(MAIN_AGENT, ev.ModelSwitched(ref, models.window))

    async def ask_trust(self, command: cmd.AskTrust) -> None:
        """Ask whether what the folder brings may steer, also where that was answered before."""
        await self.agents.trusting.ask(wanted=True)

    async def _steer(self, counts: Counts) -> None:
        """More or less of what the project brings counts from now on: all more where nothing was said yet."""
        session, main = self.session, self.agents.main
        if counts == "same":
            return
        if counts == "less":
            session.setup.rules.forsake_project()
            text = "the folder's rules hold no longer, its other settings from the next session on"
        elif not session.said and not main.busy:
            await self._begin_anew()
            return
        else:
            if instructions := await asyncio.to_thread(session.instructions):
                main.note(late_instructions(instructions))
            text = "the folder's instructions count now, its settings from the next session on"
        self._outdated = True
        session.publish(MAIN_AGENT, ev.Noticed("info", text, "/new begins one"))

    async def _begin_anew(self) -> None:
        """A new session by the settings as they are now; what is wrong in them is told."""
        setup = await asyncio.to_thread(self._set_up_anew)
        await self._replace(lambda: Agents.begin(setup, self.bus))
        for notice in setup.notices:
            self.session.publish(MAIN_AGENT, notice)

    def _set_up_anew(self) -> Setup:
        """The setup by the settings as they are now, with the model that the person has chosen meanwhile."""
        self._outdated = False
        setup, models = self._set_up(False), self.session.models
        if models.ref and models.ref != models.configured:
            setup.models.use(setup.models.resolve(models.ref.name, models.ref.provider))
        return setup

    async def add_provider(self, command: cmd.AddProvider) -> None:
        """Store a provider and switch to it."""
        ref = self.session.models.add(command.name, command.base_url, command.model, command.key)
        await self.switch_model(cmd.SwitchModel(ref.name, ref.provider))

    async def save_preference(self, command: cmd.SavePreference) -> None:
        """Keep what the person set."""
        from nanodeck.store.preferences import save_preference

        places = self.session.setup.places
        await asyncio.to_thread(save_preference, places, command.name, command.value)

    async def remember(self, command: cmd.Remember) -> None:
        """Keep what nobody set; where that fails nobody is bothered with it."""
        from nanodeck.store.preferences import remember

        try:
            await asyncio.to_thread(remember, self.session.setup.places, command.name, command.value)
        except OSError as error:
            _log.warning("%s could not be remembered: %s", command.name, error)

    async def add_rule(self, command: cmd.AddRule) -> None:
        """Make a rule hold."""
        await self.session.rules.add(command.rule)

    async def delete_rule(self, command: cmd.DeleteRule) -> None:
        """Take a rule away."""
        await self.session.rules.delete(command.rule)

    async def change_folder(self, command: cmd.ChangeFolder) -> None:
        """Move the shell's folder; not under a turn, whose commands were asked about where they stand."""
        self.agents.at_rest("/cwd")
        folder = await asyncio.to_thread(_folder_named, command.folder, self.session.shell.folder)
        self.session.shell.move(folder)
        self.session.publish(MAIN_AGENT, ev.FolderChanged(str(folder)))

    async def undo(self, command: cmd.Undo) -> None:
        """Put back the last changeset and tell the model."""
        await self.agents.undo()

    async def redo(self, command: cmd.Redo) -> None:
        """Write again what was put back last."""
        await self.agents.redo()

    async def rewind(self, command: cmd.Rewind) -> None:
        """Go back to before a turn."""
        await self.agents.rewind(command)

    async def take_back(self, command: cmd.TakeBack) -> None:
        """Take an applied hunk back, beside a turn that may run."""
        self._aside("TakeBack", self.agents.take_back(command))
        # Its turn is before that of the commands that follow.
        await asyncio.sleep(0)

    async def create_checkpoint(self, command: cmd.CreateCheckpoint) -> None:
        """Keep the workspace under a name."""
        await self.agents.kept.create(command.name)

    async def delete_checkpoint(self, command: cmd.DeleteCheckpoint) -> None:
        """Forget a named checkpoint."""
        await self.agents.kept.delete(command.name)

    async def load_checkpoint(self, command: cmd.LoadCheckpoint) -> None:
        """Put the files back to a named checkpoint."""
        await self.agents.load(command.name)

    async def collect_checkpoints(self, command: cmd.CollectCheckpoints) -> None:
        """Make the store smaller, beside whatever else is done."""
        self._aside("CollectCheckpoints", self.agents.kept.collect(command.days, command.megabytes))

    async def start_session(self, command: cmd.StartSession) -> None:
        """Begin a new session in the same folder."""
        models = self.session.models
        if models.is_demo(models.ref):
            # The tour starts again on a fresh copy of its project.
            setup = await asyncio.to_thread(self._set_up, True)
            setup.models.use(setup.models.resolve("demo"))
        elif self._outdated:
            await self._begin_anew()
            return
        else:
            setup = self.session.setup
        await self._replace(lambda: Agents.begin(setup, self.bus))

    async def resume_session(self, command: cmd.ResumeSession) -> None:
        """Go on with an earlier session."""
        if command.session != self.session.id:
            setup = self.session.setup
            home = await asyncio.to_thread(folder_of, setup.places, command.session)
            if home != str(setup.folder):
                advice = f"nanodeck -r={command.session} opens it there"
                raise NanodeckError(f"session {command.session} works in another folder: {home}", advice)
            await self._replace(lambda: resume(setup, self.bus, command.session))

    async def _replace(self, make: Callable[[], Agents]) -> None:
        """Another session instead of the present one, in the mode the person is in."""
        old, mode = self.session, self.session.state.mode
        try:
            await self.agents.close()
            self.agents = make()
        except Exception:
            self.agents = Agents.begin(old.setup, self.bus)
            raise
        finally:
            await self.switch_mode(cmd.SwitchMode(mode))
            self.bus.restart(self.session.snapshot)
            self._heard()
            if self.session.models is not old.models:
                await old.models.close()


def _folder_named(name: str, base: Path) -> Path:
    folder = Path(os.path.realpath(base / os.path.expanduser(name)))
    if not folder.is_dir():
        raise NanodeckError(f"{name} is not a folder")
    return folder


_RARE: dict[type, Callable[[Engine, Any], Awaitable[None]]] = {
    cmd.MarkFile: Engine.mark_file,
    cmd.SwitchMode: Engine.switch_mode,
    cmd.SetSandbox: Engine.set_sandbox,
    cmd.SwitchModel: Engine.switch_model,
    cmd.AddProvider: Engine.add_provider,
    cmd.AskTrust: Engine.ask_trust,
    cmd.SavePreference: Engine.save_preference,
    cmd.Remember: Engine.remember,
    cmd.AddRule: Engine.add_rule,
    cmd.DeleteRule: Engine.delete_rule,
    cmd.ChangeFolder: Engine.change_folder,
    cmd.Undo: Engine.undo,
    cmd.Redo: Engine.redo,
    cmd.Rewind: Engine.rewind,
    cmd.TakeBack: Engine.take_back,
    cmd.CreateCheckpoint: Engine.create_checkpoint,
    cmd.DeleteCheckpoint: Engine.delete_checkpoint,
    cmd.LoadCheckpoint: Engine.load_checkpoint,
    cmd.CollectCheckpoints: Engine.collect_checkpoints,
    cmd.StartSession: Engine.start_session,
    cmd.ResumeSession: Engine.resume_session,
}
