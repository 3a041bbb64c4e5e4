import Table from "cli-table3";
import pc from "picocolors";

/** Where a command writes: a person's text and tables, or one JSON document. */
export interface Output {
  json: boolean;
  colors: ReturnType<typeof pc.createColors>;
  /** A line of text; nothing in JSON mode. */
  line(text?: string): void;
  table(head: string[], rows: (string | number)[][]): void;
  /** The answer as JSON; nothing in text mode. */
  document(value: unknown): void;
  /** One of answers without an end, as a line of JSON; nothing in text mode. */
  record(value: unknown): void;
}

/** Colours only on a terminal and never with NO_COLOR (https://no-color.org). */
export function createOutput(json: boolean, stream: NodeJS.WriteStream = process.stdout): Output {
  const colors = pc.createColors(stream.isTTY === true && pc.isColorSupported);
  return {
    json,
    colors,
    line(text = "") {
      if (!json) stream.write(`${text}\n`);
    },
    table(head, rows) {
      if (json) return;
      const table = new Table({ head: head.map((h) => colors.bold(h)), ...plainTable });
      table.push(...rows.map((row) => row.map(String)));
      stream.write(`${withoutTrailingSpace(table.toString())}\n`);
    },
    document(value) {
      if (json) stream.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    record(value) {
      if (json) stream.write(`${JSON.stringify(value)}\n`);
    },
  };
}

const withoutTrailingSpace = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");

const plainTable = {
  style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  chars: {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "",
  },
};
