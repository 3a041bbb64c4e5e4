"use client";

import { ArrowRight, MoreHorizontal } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { problemWords, requestPath } from "@/components/requests/request-words.ts";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { loadCode } from "@/lib/client/load-code.ts";
import { usePageCommands } from "@/lib/client/page-commands.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import { type RequestState, stateNames } from "@/lib/request-law/states.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { JobLine } from "./job-line.tsx";
import { type Command, commandOf, commandTitles, otherCommands } from "./request-commands.ts";

const CommandDialog = dynamic(
  () => loadCode(() => import("./command-dialog.tsx")).then((m) => m.CommandDialog),
  { ssr: false },
);

/** The one thing to do next, as the one obvious button; all else that is possible is behind "More". */
export function NextStepCard({ request }: { request: RequestDetail }) {
  const { person } = useConsole();
  const [asked, setAsked] = useState<Command | null>(null);
  const direct = useDirect(request);
  const { next, state, problem, number } = request;
  const command = commandOf(next?.verb ?? null);
  const others = otherCommands(request);
  const begin = (what: Command) => (direct.does(what) ? direct.run(what) : setAsked(what));
  const working = state === "scoping" || state === "executing" || state === "verifying";
  const target = useTarget();
  const moved = useMoved(state);
  const stopped = problem ? problemWords(problem) : null;
  const own = command === "decideRequest" && request.submittedBy === person.email;
  const unset = command === "executeRequest" && request.lacksController;
  const offered = [...(command && !own && !unset ? [command] : []), ...others];
  usePageCommands(
    offered.map((each) => ({
      label: `${commandTitles[each]}: request #${number}`,
      run: () => begin(each),
    })),
  );
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 border-t border-hairline pt-4">
        {/* biome-ignore lint/a11y/useSemanticElements: words, no fields */}
        <div
          role="group"
          aria-label={command ? "Next" : "Now"}
          tabIndex={-1}
          data-focus-home
          data-next={command ?? ""}
          className="grid min-w-60 flex-1 gap-0.5 rounded-md"
        >
          <p className="text-xs font-medium text-faint">{command ? "Next" : "Now"}</p>
          <p className="text-base text-pretty">
            {next?.words ?? endWords(request)}
            {state === "duplicate" && request.duplicateOf !== null && (
              <>
                {" "}
                <ConsoleLink
                  href={requestPath(target, request.duplicateOf)}
                  className="text-accent underline underline-offset-2"
                >
                  Open request #{request.duplicateOf}
                </ConsoleLink>
              </>
            )}
          </p>
          {own && (
            <p className="text-sm text-muted">You entered this request: somebody else must decide it.</p>
          )}
          {unset && (
            <p className="text-sm text-muted">
              No controller is set for it, and its letter must say who answers.{" "}
              <ConsoleLink href="/settings/requests" className="text-accent underline underline-offset-2">
                Set the controller
              </ConsoleLink>{" "}
              first.
            </p>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {command && (
            <Button
              variant={variantOf(command, request)}
              icon={<ArrowRight />}
              pending={direct.pending}
              disabled={own || unset}
              onClick={() => begin(command)}
            >
              {command === "executeRequest" ? `Carry out #${number}` : commandTitles[command]}
            </Button>
          )}
          {others.length > 0 && (
            <DropdownMenu
              label="More to do with this request"
              trigger={
                <Button variant="secondary" icon={<MoreHorizontal />}>
                  More
                </Button>
              }
            >
              {others.map((each) => (
                <MenuItem key={each} onSelect={() => begin(each)}>
                  {commandTitles[each]}
                </MenuItem>
              ))}
            </DropdownMenu>
          )}
        </div>
      </div>
      {stopped && (
        <p className="flex items-start gap-2 rounded-md border border-hairline-strong bg-inset px-3 py-2 text-sm">
          <StateIcon state={state === "failed" ? "critical" : "warning"} className="mt-px" />
          <span className="min-w-0 break-words">{stopped.words}</span>
          {stopped.job && (
            <ConsoleLink
              href={`/${encodeURIComponent(target)}/jobs?job=${stopped.job}`}
              className="ml-auto shrink-0 text-accent hover:underline"
            >
              Open the job
            </ConsoleLink>
          )}
        </p>
      )}
      <p role="status" className="sr-only">
        {moved && `${stateNames[state]}. ${next?.words ?? endWords(request)}`}
      </p>
      {working && request.jobId && <JobLine id={request.jobId} />}
      <Problem>{direct.problem}</Problem>
      {asked && <CommandDialog command={asked} request={request} onClose={() => setAsked(null)} />}
    </div>
  );
}

/** What erases is red; what goes on by itself once its hold has ended is no step that is missed. */
function variantOf(command: Command, { kind, state }: RequestDetail): "danger" | "primary" | "secondary" {
  if (command === "executeRequest" && requestKinds[kind].destructive) return "danger";
  return state === "blocked_by_hold" ? "secondary" : "primary";
}

/** Whether it has moved since the page was opened: what a screen reader is told of. */
function useMoved(state: RequestState): boolean {
  const [seen, setSeen] = useState({ state, moved: false });
  if (seen.state !== state) setSeen({ state, moved: true });
  return seen.moved;
}

function endWords({ state, closedAt, duplicateOf }: RequestDetail): string {
  if (state === "duplicate") return `It goes on as request #${duplicateOf ?? "?"}.`;
  if (state === "withdrawn") return "The person has withdrawn it. Nothing remains to be done.";
  if (closedAt !== null) return "It is closed. Nothing remains to be done.";
  return "The console is working on it; nothing to do until it is through.";
}

/** Verbs that need no further word: they begin at once. */
function useDirect({ number, version }: RequestDetail) {
  const scope = useAdminAction("scopeRequest", { toastErrors: false });
  const resume = useAdminAction("resumeRequest", { toastErrors: false });
  const scan = useAdminAction("scanRequest", { toastErrors: false });
  const verbs = { scopeRequest: scope, resumeRequest: resume, scanRequest: scan } as const;
  const all = Object.values(verbs);
  const error = all.find((each) => each.error)?.error ?? null;
  return {
    does: (command: Command): command is keyof typeof verbs => command in verbs,
    run: (command: Command) => void verbs[command as keyof typeof verbs].run({ request: number, version }),
    pending: all.some(({ pending }) => pending),
    problem: errorWords(error),
  };
}
