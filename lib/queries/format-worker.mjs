// A thread: the text of a statement in, the same formatted out; null where the formatter cannot read it.
import { parentPort } from "node:worker_threads";
import { format } from "sql-formatter";

parentPort?.on("message", (text) => {
  let formatted = null;
  try {
    formatted = format(text, { language: "postgresql", keywordCase: "upper", tabWidth: 2 });
  } catch {
    // What it cannot read is shown as it is.
  }
  parentPort?.postMessage(formatted);
});

// Loaded: what a text takes is counted from here.
parentPort?.postMessage("ready");
