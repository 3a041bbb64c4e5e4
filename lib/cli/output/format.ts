const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

/** "1.2 GB", powers of 1,000. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return "–";
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1_000 && unit < byteUnits.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${byteUnits[unit]}`;
}

export function countText(count: number | null): string {
  return count === null ? "–" : Math.round(count).toLocaleString("en-US");
}

/** "0.42 ms", "1.2 s", "3.4 h" from milliseconds. */
export function millisecondsText(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1_000) return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

export function timeText(at: Date | null): string {
  return at === null ? "–" : `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** One line of at most `max` characters. */
export function oneLine(text: string, max: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
