"use client";

import { useEffect } from "react";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { consoleAnswers } from "@/lib/client/load-code.ts";
import type { ConsoleOutageDigest } from "@/lib/errors.ts";

interface PageFailureProps {
  error: Error & { digest?: string };
  reset: () => void;
}

const outage: ConsoleOutageDigest = "CONSOLE_DATABASE_UNAVAILABLE";
const againMs = 5_000;

/** A page that could not be drawn: says which record in the log belongs to it. */
export function PageFailure({ error, reset }: PageFailureProps) {
  if (error.digest === outage) return <ConsoleOutageFailure />;
  if (error.name === "ChunkLoadError") return <CodeFailure />;
  return (
    <div className="grid min-h-[60vh] place-items-center" role="alert">
      <EmptyState
        icon={<StateIcon state="critical" />}
        title="This page could not be drawn"
        action={
          <>
            <Button variant="primary" onClick={reset}>
              Try again
            </Button>
            <Button onClick={() => window.location.reload()}>Reload</Button>
          </>
        }
      >
        <p>
          The rest of the console works.{" "}
          {error.digest && `The console's log has the cause under ${error.digest}.`}
        </p>
      </EmptyState>
    </div>
  );
}

/** The console went away, or was updated, before the page's code had come: as soon as it answers the page is loaded anew. */
function CodeFailure() {
  useEffect(() => {
    const timer = setInterval(
      () => void consoleAnswers().then((answers) => answers && window.location.reload()),
      againMs,
    );
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="grid min-h-[60vh] place-items-center" role="alert">
      <EmptyState
        icon={<StateIcon state="critical" />}
        title="The console went away while this page loaded"
        action={<Button onClick={() => window.location.reload()}>Reload</Button>}
      >
        <p>The page loads itself again as soon as the console answers. Tried every {againMs / 1_000} s.</p>
      </EmptyState>
    </div>
  );
}

/** The console's own database went away while the page was drawn: it comes back by itself. */
function ConsoleOutageFailure() {
  useEffect(() => {
    const timer = setInterval(() => window.location.reload(), againMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="grid min-h-[60vh] place-items-center" role="alert">
      <EmptyState icon={<StateIcon state="critical" />} title="The console's own database cannot be reached">
        <p>This page needs it and loads itself again every {againMs / 1_000} s.</p>
      </EmptyState>
    </div>
  );
}
