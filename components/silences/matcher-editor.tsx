"use client";

import { Plus, X } from "lucide-react";
import { useDeferredValue, useId, useMemo } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { Matcher } from "@/lib/alerting/matcher.ts";
import { keyedRows } from "@/lib/client/keyed-rows.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { type DraftMatcher, matchersOf } from "./silence-draft.ts";

const labels: readonly (readonly [Matcher["label"], string])[] = [
  ["check", "check"],
  ["topic", "topic"],
  ["severity", "severity"],
  ["object", "object"],
  ["kind", "kind of object"],
  ["database", "database"],
  ["schema", "schema"],
  ["relation", "relation"],
  ["target", "target"],
];
const operators: readonly (readonly [Matcher["is"], string])[] = [
  ["=", "is"],
  ["!=", "is not"],
  ["~", "is like"],
  ["!~", "is not like"],
];

interface EditorProps {
  /** Where the alerts are; `*`: anywhere. */
  target: string;
  rows: readonly DraftMatcher[];
  onChange: (rows: readonly DraftMatcher[]) => void;
}

/** Conditions, all of which must hold; without one everything is meant. */
export function MatcherEditor({ target, rows, onChange }: EditorProps) {
  const id = useId();
  const values = useKnownValues(target, rows);
  const { add, change, leaveOut } = keyedRows(rows, onChange);
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">Alerts where</legend>
      {rows.length === 0 && <p className="text-sm text-muted">No condition: every alert is meant.</p>}
      {rows.map(({ key, label, is, value }, at) => (
        <div key={key} className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
          <Select
            label={`Label of condition ${at + 1}`}
            value={label}
            onChange={(to) => change(key, { label: to })}
            options={labels}
          />
          <Select
            label={`Comparison of condition ${at + 1}`}
            value={is}
            onChange={(to) => change(key, { is: to })}
            options={operators}
          />
          <span className="flex min-w-40 flex-1 items-center gap-2">
            <Input
              aria-label={`Value of condition ${at + 1}`}
              value={value}
              list={`${id}-${label}`}
              maxLength={200}
              placeholder={is.endsWith("~") ? "* stands for any text" : "type or pick"}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-sm"
              onChange={(event) => change(key, { value: event.target.value })}
            />
            <IconButton label={`Remove condition ${at + 1}`} onClick={() => leaveOut(key)}>
              <X />
            </IconButton>
          </span>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus />}
          disabled={rows.length >= 20}
          onClick={() => add({ label: "object", is: "=", value: "" })}
        >
          Add a condition
        </Button>
      </div>
      {Object.entries(values).map(([label, known]) => (
        <datalist key={label} id={`${id}-${label}`}>
          {known.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      ))}
    </fieldset>
  );
}

/** What is offered while a value is typed. */
function useKnownValues(
  target: string,
  rows: readonly DraftMatcher[],
): Partial<Record<Matcher["label"], readonly string[]>> {
  const { targets } = useConsole();
  const asked = useDeferredValue(rows);
  const scope = useMemo(
    () => ({ target, matchers: matchersOf(asked).filter(({ value }) => value !== "") }),
    [target, asked],
  );
  const { data: ofObjects } = useRead("labelValues", scope, { target: "", polled: false });
  const board = useRead("checks", { target: null }, { target: "", polled: false });
  const checks = board.data?.checks ?? [];
  return {
    ...ofObjects,
    check: checks.map(({ id }) => id),
    topic: [...new Set(checks.map(({ topic }) => topic))],
    severity: ["notice", "warning", "critical"],
    target: targets.map(({ name }) => name),
  };
}
