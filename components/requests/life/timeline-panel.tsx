"use client";

import { LockKeyhole } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Box } from "@/components/requests/box.tsx";
import { Ground } from "@/components/requests/decision/ground.tsx";
import { useOpened } from "@/components/requests/use-opened.tsx";
import { Button } from "@/components/ui/button.tsx";
import { TextArea } from "@/components/ui/input.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { Time } from "@/components/ui/time.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { entryWords, factWords, groundsOf } from "./timeline-words.ts";

/** Everything that happened to the request, newest first, and what people noted. */
export function TimelinePanel({ request }: { request: RequestDetail }) {
  const { opened, open, pending } = useOpened();
  const { timeline, personKept } = request;
  const typed = timeline.some((entry) => entry.typed);
  return (
    <Box
      id="timeline"
      title="Timeline"
      unit="newest first"
      actions={
        typed &&
        !opened &&
        personKept && (
          <Button size="sm" variant="ghost" icon={<LockKeyhole />} pending={pending} onClick={open}>
            Show what was typed
          </Button>
        )
      }
    >
      {personKept && <NoteForm number={request.number} />}
      <ol className="mt-3 grid">
        {timeline.toReversed().map((entry) => {
          const facts = factWords(entry);
          const text = opened?.texts[entry.id];
          return (
            <li
              key={entry.id}
              className="relative grid gap-0.5 border-l border-hairline-strong pb-3.5 pl-4 text-sm last:pb-0"
            >
              <span aria-hidden className="absolute top-1.5 -left-[4.5px] size-2 rounded-full bg-control" />
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-medium">{entryWords(entry)}</span>
                {facts && <span className="min-w-0 break-words text-muted">{facts}</span>}
                {groundsOf(entry).map((id) => (
                  <Ground key={id} request={request} id={id} />
                ))}
                <span className="text-xs text-faint max-sm:basis-full sm:ml-auto">
                  {entry.by}, <Time at={entry.at} show="moment" />
                </span>
              </p>
              {text !== undefined ? (
                <p className="max-w-180 break-words whitespace-pre-wrap text-muted">{text}</p>
              ) : (
                entry.typed && (
                  <p className="text-xs text-faint">{personKept ? "text is sealed" : "text was destroyed"}</p>
                )
              )}
            </li>
          );
        })}
      </ol>
    </Box>
  );
}

function NoteForm({ number }: { number: number }) {
  const id = useId();
  const [text, setText] = useState("");
  const add = useAdminAction("addRequestNote", { toastErrors: false, done: "The note is kept, sealed" });
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!text.trim() || add.pending) return;
    if ((await add.run({ request: number, note: text.trim() })) !== null) setText("");
  }
  return (
    <form onSubmit={submit} className="grid gap-2">
      <label htmlFor={id} className="sr-only">
        Note
      </label>
      <TextArea
        id={id}
        rows={2}
        value={text}
        maxLength={4_000}
        placeholder="A note for whoever works on this request; it is sealed with what they wrote"
        onChange={(event) => {
          add.clearError();
          setText(event.target.value);
        }}
      />
      {(text.trim() !== "" || add.pending) && (
        <Button type="submit" size="sm" pending={add.pending} className="justify-self-start">
          Add note
        </Button>
      )}
      <Problem>{errorWords(add.error)}</Problem>
    </form>
  );
}
