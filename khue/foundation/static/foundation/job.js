// Follows one job: the page is told that something changed, and htmx asks for the part again.
import { Live } from "./live.js";

const { liveTicket } = document.getElementById("job").dataset;
if (liveTicket) new Live({ ticket: liveTicket });
