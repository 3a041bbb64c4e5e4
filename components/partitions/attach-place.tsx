"use client";

import { useId } from "react";
import { Field, Input, TextArea } from "@/components/ui/input.tsx";
import { Option } from "@/components/ui/option.tsx";
import { placeOf, type TypedPlace } from "./typed-place.ts";

interface AttachPlaceProps {
  typed: TypedPlace;
  onType: (typed: TypedPlace) => void;
  /** Somebody asked for the plan: what is missing is said. */
  tried: boolean;
}

const ways = [
  ["learned", "As its CHECK says", "A table that was detached here has one."],
  ["range", "From one bound to another", "For a table partitioned by range."],
  ["list", "These values", "For a table partitioned by list."],
] as const;

/** Which rows the table holds: learned from its CHECK, or typed. */
export function AttachPlace({ typed, onType, tried }: AttachPlaceProps) {
  const id = useId();
  const missing = tried && placeOf(typed) === null;
  const ends = [
    ["from", "From, included"],
    ["to", "To, not included"],
  ] as const;
  return (
    <fieldset className="grid gap-2.5 rounded-md border border-hairline px-3 py-2.5">
      <legend className="px-1 text-sm font-medium">Its rows</legend>
      {ways.map(([how, label, words]) => (
        <Option
          key={how}
          type="radio"
          name={id}
          checked={typed.how === how}
          onChange={() => onType({ ...typed, how })}
          label={label}
        >
          {words}
        </Option>
      ))}
      {typed.how === "range" && (
        <div className="grid gap-3 border-t border-hairline pt-2.5 sm:grid-cols-2">
          {ends.map(([end, label]) => (
            <Field
              key={end}
              label={label}
              htmlFor={`${id}-${end}`}
              hint={end === "from" ? "As the key has it, or MINVALUE." : "As the key has it, or MAXVALUE."}
              {...(missing && !typed[end].trim() && { problem: "Type a bound." })}
            >
              <Input
                id={`${id}-${end}`}
                value={typed[end]}
                autoComplete="off"
                spellCheck={false}
                aria-invalid={missing && !typed[end].trim() ? true : undefined}
                onChange={(event) => onType({ ...typed, [end]: event.target.value })}
              />
            </Field>
          ))}
        </div>
      )}
      {typed.how === "list" && (
        <div className="border-t border-hairline pt-2.5">
          <Field
            label="Values, one a line"
            htmlFor={`${id}-values`}
            hint="As the key has them, without quotes."
            {...(missing && { problem: "Type at least one value." })}
          >
            <TextArea
              id={`${id}-values`}
              rows={3}
              value={typed.values}
              spellCheck={false}
              aria-invalid={missing ? true : undefined}
              onChange={(event) => onType({ ...typed, values: event.target.value })}
            />
          </Field>
        </div>
      )}
    </fieldset>
  );
}
