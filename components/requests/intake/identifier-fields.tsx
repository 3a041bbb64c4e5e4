"use client";

import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { keyedRows } from "@/lib/client/keyed-rows.ts";
import { type IdentifierKind, identifierNames } from "./identifier-names.ts";
import type { IntakeDraft } from "./intake-draft.ts";

const most = 20;
const kinds = Object.entries(identifierNames) as [IdentifierKind, string][];

interface IdentifierFieldsProps {
  identifiers: IntakeDraft["identifiers"];
  onChange: (identifiers: IntakeDraft["identifiers"]) => void;
}

/** By what the applications know a person: one at least. */
export function IdentifierFields({ identifiers, onChange }: IdentifierFieldsProps) {
  const { add, change, leaveOut } = keyedRows(identifiers, onChange);
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">How the applications know them</legend>
      {identifiers.map(({ key, kind, value }, index) => (
        <div key={key} className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
          <span className="flex w-52 shrink-0 *:grow">
            <Select
              label={`Kind of identifier ${index + 1}`}
              value={kind}
              onChange={(next) => change(key, { kind: next })}
              options={kinds}
            />
          </span>
          <Input
            aria-label={`Identifier ${index + 1}`}
            value={value}
            maxLength={1_000}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change(key, { value: event.target.value })}
          />
          {identifiers.length > 1 && (
            <IconButton label={`Leave out identifier ${index + 1}`} onClick={() => leaveOut(key)}>
              <X />
            </IconButton>
          )}
        </div>
      ))}
      <p className="text-sm text-muted">
        Events name people by their id in the application: without one only clear fields and other places are
        searched.
      </p>
      {identifiers.length < most && (
        <Button
          size="sm"
          variant="ghost"
          icon={<Plus />}
          className="justify-self-start"
          onClick={() => add({ kind: "email", value: "" })}
        >
          Add an identifier
        </Button>
      )}
    </fieldset>
  );
}
