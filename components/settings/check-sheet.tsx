"use client";

import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { findingHref, pageOfFinding } from "@/components/overview/finding-page.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { CheckLimits } from "./check-limits.tsx";
import { CheckObjects } from "./check-objects.tsx";
import type { CheckRow } from "./check-rows.ts";
import { CheckStateBadge } from "./check-state.tsx";
import { stateLabel } from "./check-words.ts";
import { objectsShown } from "./checks-input.ts";
import { Remedy } from "./remedy.tsx";

interface SheetProps {
  row: CheckRow | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One check on one target: how it stands, what to do about it, its limits and every object. */
export function CheckSheet({ row, ...rest }: SheetProps) {
  return (
    <Sheet
      open={row !== null}
      title={row?.check.title ?? ""}
      description={row ? `${row.check.id} on ${row.standing.target}` : ""}
      {...rest}
    >
      {row && <CheckBody key={row.key} row={row} />}
    </Sheet>
  );
}

function CheckBody({ row: { check, standing } }: { row: CheckRow }) {
  const { worst, error, freshness } = standing;
  const { data } = useRead("check", { check: check.id, target: standing.target, limit: objectsShown });
  const path = worst?.path ?? check.path;
  const bad = standing.state !== "ok" && worst;
  return (
    <div className="grid gap-6 text-sm">
      <div className="grid gap-2">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <CheckStateBadge state={standing.state} freshness={freshness} words={stateLabel(standing)} />
          {bad && !error && (
            <span className="text-muted">
              since <Time at={worst.since} show="moment" />
            </span>
          )}
          <span className="ml-auto text-muted">
            {standing.evaluatedAt ? (
              <>
                evaluated <Time at={standing.evaluatedAt} />
                {standing.observedAt && (
                  <>
                    , figures as of <Time at={standing.observedAt} />
                  </>
                )}
              </>
            ) : (
              "not evaluated yet"
            )}
          </span>
        </p>
        {error && (
          <div role="alert" className="rounded-md border border-hairline-strong bg-inset px-3 py-2.5">
            <p className="font-medium break-words">{error.message}</p>
            <p className="text-muted">
              It could not be evaluated{worst ? "; what stands below was seen before that" : ""}. {error.hint}
            </p>
          </div>
        )}
        {bad && (
          <div>
            <p className="font-medium break-words">{worst.title}</p>
            <p className="text-muted break-words">{worst.detail}</p>
          </div>
        )}
        {worst?.unavailable && <Remedy unavailable={worst.unavailable} said={worst.detail} />}
        <p>
          <Button asChild size="sm" className="mt-1">
            <ConsoleLink href={findingHref({ path, check: check.id }, standing.target)}>
              Open {pageOfFinding({ path, check: check.id })}
              <ArrowRight aria-hidden />
            </ConsoleLink>
          </Button>
        </p>
      </div>
      <Part title="What to do">
        <p className="text-pretty">{check.runbook}</p>
      </Part>
      <Part title={check.limits ? "Limits" : "Alerts"}>
        <CheckLimits check={check} standing={standing} />
      </Part>
      <Part title="Needs">
        <p className="text-muted">{check.needs}</p>
      </Part>
      <Part title="Objects">
        <CheckObjects check={check} standing={standing} detail={data ?? null} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-1.5">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}
