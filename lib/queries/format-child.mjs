// A process: the text of a statement in, the same formatted out; null where the formatter cannot read it.
import { format } from "sql-formatter";

process.on("message", (text) => {
  let formatted = null;
  try {
    formatted = format(text, { language: "postgresql", keywordCase: "upper", tabWidth: 2 });
  } catch {
    // What it cannot read is shown as it is.
  }
  process.send?.(formatted);
});

// Loaded: what a text takes is counted from here.
process.send?.("ready");
