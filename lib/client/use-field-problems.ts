import { useEffect, useRef } from "react";
import type { ResultError } from "../result.ts";
import { placeProblems } from "./place-problems.ts";

/** What is wrong with a field, for its Field. */
export type ProblemAt = (path: string) => { problem?: string };

/**
 * For a form that a server may refuse: `problemAt("controller.country")` is given to the Field, `rest` stands below the form,
 * and the first field with a problem gets the focus.
 *
 *     const { form, problemAt, rest } = useFieldProblems(set.error, ["name"]);
 *     <form ref={form}><Field label="Name" htmlFor={id} {...problemAt("name")}><Input id={id} /></Field></form>
 */
export function useFieldProblems(error: ResultError | null, paths: readonly string[]) {
  const form = useRef<HTMLFormElement>(null);
  const { at, rest } = placeProblems(error, paths);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return { form, rest, problemAt: (path: string) => (at[path] ? { problem: at[path] } : {}) };
}
