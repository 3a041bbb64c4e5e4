/** Tells progress: short lines, each with the seconds since the beginning; fit for a terminal and a log file. */
export type Say = (text: string) => void;

export function createSay(begunAt: number): Say {
  return (text) => {
    const seconds = Math.round((Date.now() - begunAt) / 1_000);
    process.stdout.write(`${String(seconds).padStart(4)} s  ${text}\n`);
  };
}
