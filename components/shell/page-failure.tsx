"use client";

import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";

interface PageFailureProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** A page that could not be drawn: says which record in the log belongs to it. */
export function PageFailure({ error, reset }: PageFailureProps) {
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
