import { type RefObject, useEffect, useRef } from "react";

/** What the open page lets somebody do, found by its words in the command palette. */
export interface PageCommand {
  label: string;
  run: () => void;
}

const offers = new Set<RefObject<readonly PageCommand[]>>();

/** Offers commands in the palette while the component is there, always as they were last given. */
export function usePageCommands(commands: readonly PageCommand[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    offers.add(latest);
    return () => void offers.delete(latest);
  }, []);
}

/** What is offered now; of those that have one name the first. */
export function offeredCommands(): PageCommand[] {
  const all = [...offers].flatMap(({ current }) => current);
  return all.filter(({ label }, index) => all.findIndex((each) => each.label === label) === index);
}
