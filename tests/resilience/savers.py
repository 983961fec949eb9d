"""Pupils who save answer after answer, each as often as it takes to be acknowledged, like the player does."""

import asyncio
import re
from dataclasses import dataclass, field

import httpx

#: A broken connection and "come again later" are a browser's everyday.
EVERYDAY = (httpx.HTTPError, OSError)
PACE_SECONDS = 0.02


@dataclass
class Saver:
    """One pupil at one attempt. `acknowledged` is the last answer by place that the node said it has."""

    attempt: str
    session: str
    questions: int
    acknowledged: dict[int, str] = field(default_factory=dict)
    saves: int = 0
    tries: int = 0

    async def save_until(self, over: asyncio.Event, node: str) -> None:
        """Answer question after question, over and over; the answer under way is acknowledged before it stops."""
        cookies = {"khue_session": self.session}
        async with httpx.AsyncClient(base_url=node, cookies=cookies, timeout=15) as browser:
            while not over.is_set():
                place = self.saves % self.questions + 1
                answer = str((self.saves // self.questions + place) % 4 + 1)
                while not await self._acknowledged(browser, place, answer):
                    await asyncio.sleep(0.05)
                self.acknowledged[place] = answer
                self.saves += 1
                await asyncio.sleep(PACE_SECONDS)

    async def hand_in(self, node: str) -> None:
        """As often as it takes."""
        async with httpx.AsyncClient(base_url=node, cookies={"khue_session": self.session}, timeout=15) as browser:
            while not await self._handed_in(browser):
                await asyncio.sleep(0.05)

    async def _acknowledged(self, browser: httpx.AsyncClient, place: int, answer: str) -> bool:
        self.tries += 1
        try:
            return await self._send(browser, place, answer)
        except EVERYDAY:
            return False

    async def _send(self, browser: httpx.AsyncClient, place: int, answer: str) -> bool:
        raise NotImplementedError

    async def _handed_in(self, browser: httpx.AsyncClient) -> bool:
        try:
            token = await form_token(browser, self.attempt)
            if token is None:  # handed in already: the answer to an earlier try was lost
                return True
            sent = await browser.post(f"/do/attempts/{self.attempt}/submit/", data={"csrfmiddlewaretoken": token})
        except EVERYDAY:
            return False
        return sent.status_code in {302, 303}


@dataclass
class PlayerSaver(Saver):
    """By way of the hot door, as the player's script saves."""

    ticket: str = ""

    async def _send(self, browser: httpx.AsyncClient, place: int, answer: str) -> bool:
        body = {"answers": [{"question": place, "answer": answer, "sequence": self.saves + 1}]}
        sent = await browser.post("/hot/answers", json=body, headers={"Authorization": f"Bearer {self.ticket}"})
        return sent.status_code == 200 and sent.json()["saved"] is True


@dataclass
class FormSaver(Saver):
    """By way of the web, as the page saves without its script."""

    token: str | None = None

    async def _send(self, browser: httpx.AsyncClient, place: int, answer: str) -> bool:
        self.token = self.token or await form_token(browser, self.attempt)
        form = {"csrfmiddlewaretoken": self.token or "", f"q{place}": answer}
        sent = await browser.post(f"/do/attempts/{self.attempt}/save/", data=form)
        return sent.status_code in {302, 303}


async def form_token(browser: httpx.AsyncClient, attempt: str) -> str | None:
    """What the attempt's page puts into its form; None once the attempt is over."""
    shown = await browser.get(f"/do/attempts/{attempt}/")
    if shown.status_code in {302, 303} and shown.headers["location"].endswith("/result/"):
        return None
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
    if found is None:
        raise httpx.HTTPError(f"no page: {shown.status_code}")
    return found[1]
