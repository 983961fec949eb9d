// Follows one job: the page is told that something changed, and htmx asks for the part again.
import "./live.js";
