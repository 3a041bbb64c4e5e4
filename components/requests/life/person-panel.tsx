"use client";

import { Eye } from "lucide-react";
import type { ReactNode } from "react";
import { Box } from "@/components/requests/box.tsx";
import { identifierNames } from "@/components/requests/intake/identifier-names.ts";
import { useOpened } from "@/components/requests/use-opened.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

/** Who asks: sealed until somebody asks for it, and each look is on record. */
export function PersonPanel({ request }: { request: RequestDetail }) {
  const { opened, pending, error, open, hide } = useOpened();
  const { personKept, personalUntil, personalDestroyedAt } = request;
  return (
    <Box
      id="person"
      title="Who asks"
      actions={
        opened && (
          <Button size="sm" variant="ghost" onClick={hide}>
            Hide
          </Button>
        )
      }
    >
      {!personKept ? (
        <p className="text-sm text-muted">
          What this request said of the person was destroyed
          {personalDestroyedAt && (
            <>
              {" "}
              <Time at={personalDestroyedAt} show="moment" />
            </>
          )}
          . What it did remains on record.
        </p>
      ) : opened ? (
        <Shown opened={opened} />
      ) : (
        <div className="grid justify-items-start gap-2.5 text-sm">
          <p className="text-muted">
            Name, contact, letter and notes are sealed under this request's own key. That you look is on
            record.
          </p>
          <Button size="sm" icon={<Eye />} pending={pending} onClick={open}>
            Show who asks
          </Button>
        </div>
      )}
      {error && (
        <p role="alert" className="mt-2 text-sm text-critical">
          {error}
        </p>
      )}
      {personKept && personalUntil && (
        <p className="mt-3 text-xs text-faint">
          Destroyed by itself on <Time at={personalUntil} show="moment" />.
        </p>
      )}
    </Box>
  );
}

function Shown({ opened: { person } }: { opened: NonNullable<ReturnType<typeof useOpened>["opened"]> }) {
  return (
    <dl className="grid gap-3 text-sm [&_dt]:text-faint" data-person>
      {person.name && <Row name="Name">{person.name}</Row>}
      {person.contact && <Row name="Answer goes to">{person.contact}</Row>}
      {person.identifiers.map(({ kind, value }) => (
        <Row key={`${kind} ${value}`} name={identifierNames[kind]}>
          <span className="flex items-start gap-1">
            <code className="min-w-0 font-mono text-xs leading-[18px] break-all">{value}</code>
            <CopyButton text={value} label={`Copy ${identifierNames[kind].toLowerCase()}`} />
          </span>
        </Row>
      ))}
      {person.letter && (
        <Row name="What they wrote">
          <p className="max-h-60 overflow-y-auto break-words whitespace-pre-wrap">{person.letter}</p>
        </Row>
      )}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-0.5">
      <dt className="text-xs">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
