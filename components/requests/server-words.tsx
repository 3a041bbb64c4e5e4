import { Fragment } from "react";
import { formatDate, formatInstant } from "@/lib/client/format-time.ts";

const parts = /(\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?|`[^`]+`)/;

/** Words that the server wrote for every reader: days and moments as pages write them, commands as code. */
export function ServerWords({ children }: { children: string }) {
  return children.split(parts).map((text, index) => {
    const key = `${index} ${text}`;
    if (index % 2 === 0) return <Fragment key={key}>{text}</Fragment>;
    if (text.startsWith("`"))
      return (
        <code key={key} className="font-mono text-xs">
          {text.slice(1, -1)}
        </code>
      );
    const at = new Date(text);
    return (
      <time key={key} dateTime={text} className="whitespace-nowrap">
        {text.includes("T") ? `${formatInstant(at, "utc")}` : formatDate(at, "utc")}
      </time>
    );
  });
}
