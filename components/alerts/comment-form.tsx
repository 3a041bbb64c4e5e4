"use client";

import { type FormEvent, type KeyboardEvent, type RefObject, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { useDraft } from "./use-draft.ts";

interface CommentFormProps {
  incidentId: string;
  /** Answers whether it arrived. */
  onSend: (text: string) => Promise<boolean>;
  /** Why the last one did not arrive. */
  problem: string | null;
  box: RefObject<HTMLTextAreaElement | null>;
}

const longest = 4_000;

/** A comment is kept in this tab until it has arrived: neither a failure nor a session that ended loses it. */
export function CommentForm({ incidentId, onSend, problem, box }: CommentFormProps) {
  const [text, setText] = useDraft(`comment.${incidentId}`);
  const [sending, setSending] = useState(false);
  const id = useId();
  const ready = text.trim() !== "" && !sending;
  async function send() {
    if (!ready) return;
    setSending(true);
    if (await onSend(text.trim())) setText("");
    setSending(false);
  }
  return (
    <form
      className="grid gap-2"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id} className="text-sm font-medium">
        Comment
      </label>
      <textarea
        ref={box}
        id={id}
        rows={3}
        value={text}
        maxLength={longest}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-note`}
        placeholder="What you found, what you did, what is left"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          void send();
        }}
        className="w-full min-w-0 resize-y rounded-md border border-hairline-strong bg-panel px-2.5 py-1.5 text-base text-ink placeholder:text-faint hover:border-control aria-invalid:border-critical"
      />
      <div className="flex flex-wrap items-center gap-3">
        <p id={`${id}-note`} className="min-w-0 grow text-xs text-faint">
          {problem ? (
            <span role="alert" className="text-sm text-critical">
              Not sent: {problem} What you wrote is kept here.
            </span>
          ) : (
            "Everybody who may see this target can read it."
          )}
        </p>
        <Button type="submit" size="sm" pending={sending} disabled={text.trim() === ""}>
          Comment
        </Button>
      </div>
    </form>
  );
}
