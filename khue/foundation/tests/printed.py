"""A long document as somebody gets it: the button pressed, the worker's work done, its file opened."""

from django.test import Client

from khue.foundation import work
from khue.foundation.models import Job


def printed(client: Client, address: str) -> bytes:
    """The PDF that pressing this button leads to."""
    asked = client.post(address)
    assert asked.status_code == 303, asked.content[:500]
    job = work.run_now(Job.objects.get(public_id=asked["Location"].strip("/").split("/")[-1]))
    assert (job.state, job.last_error) == (Job.State.DONE, ""), job.summary
    assert job.report_file is not None
    file = f"/files/{job.report_file.public_id}/"
    assert file in client.get(asked["Location"]).content.decode()
    answer = client.get(file)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.getvalue()
