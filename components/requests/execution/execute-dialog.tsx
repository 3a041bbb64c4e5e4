"use client";

import { Ban, CircleCheck, Lock } from "lucide-react";
import type { ReactNode } from "react";
import { ofConsole, requestInput } from "@/components/requests/requests-input.ts";
import { ServerWords } from "@/components/requests/server-words.tsx";
import { asShown } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

interface ExecuteDialogProps {
  request: RequestDetail;
  onClose: () => void;
}

/** Before it is carried out: exactly what happens, what stays, and what cannot be undone. */
export function ExecuteDialog({ request, onClose }: ExecuteDialogProps) {
  const { number, kind } = request;
  const { destructive } = requestKinds[kind];
  const { data: told, error } = useRead("requestExecution", requestInput(number), {
    ...ofConsole,
    polled: false,
  });
  return (
    <ActionDialog
      verb="executeRequest"
      title={`Carry out request #${number}`}
      button={destructive ? "Destroy and redact" : "Make the package"}
      done={`Request #${number} is being carried out`}
      dangerous={destructive}
      {...(destructive && { phrase: `carry out #${number}` })}
      complete={told !== undefined}
      input={() => asShown(request)}
      onClose={onClose}
    >
      {/* Reading begins at what happens, not at the phrase below. */}
      <div data-begin tabIndex={-1} className="grid gap-3 outline-none">
        {told ? (
          <>
            <Part icon={<CircleCheck />} title="What happens" words={told.happens} />
            <Part icon={<Lock />} title="What stays" words={told.stays} />
            <Part icon={<Ban />} title="What cannot be undone" words={told.cannotBeUndone} critical />
          </>
        ) : error ? (
          <Problem>{errorWords(error)}</Problem>
        ) : (
          <Skeleton className="h-60" />
        )}
      </div>
      {destructive && (
        <p className="text-sm">You are asked for your password unless you gave it within five minutes.</p>
      )}
    </ActionDialog>
  );
}

interface PartProps {
  icon: ReactNode;
  title: string;
  words: readonly string[];
  critical?: true;
}

function Part({ icon, title, words, critical }: PartProps) {
  if (words.length === 0) return null;
  return (
    <section className="grid gap-1">
      <h3
        className={`flex items-center gap-2 text-sm font-semibold [&_svg]:size-4 ${critical ? "text-critical" : "text-ink"}`}
      >
        {icon}
        {title}
      </h3>
      <ul className="grid list-disc gap-0.5 pl-10 text-sm">
        {words.map((each) => (
          <li key={each}>
            <ServerWords>{each}</ServerWords>
          </li>
        ))}
      </ul>
    </section>
  );
}
