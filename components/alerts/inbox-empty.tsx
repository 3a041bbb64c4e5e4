import { BellRing, CheckCheck, Inbox, Moon, Search } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import type { IncidentState } from "@/lib/alerting/incident.ts";

const teach: Record<IncidentState, { icon: React.ReactNode; title: string; words: string }> = {
  open: {
    icon: <Inbox />,
    title: "Nothing waits for anybody",
    words:
      "When a check finds something bad for long enough, it appears here once, with everything it is about. Whoever takes it acknowledges it; it closes itself 30 minutes after all is well.",
  },
  acknowledged: {
    icon: <CheckCheck />,
    title: "Nobody works on anything",
    words:
      "Acknowledging says: I have it. It tells nobody again until another object joins, it gets graver, or it fires anew.",
  },
  snoozed: {
    icon: <Moon />,
    title: "Nothing is snoozed",
    words:
      "What can wait is snoozed until a time of your choice, and always comes back then if it still fires.",
  },
  closed: {
    icon: <BellRing />,
    title: "Nothing was closed yet",
    words:
      "What is over stays here with everything that happened to it. The next one of its kind names these as earlier ones.",
  },
};

/** What an empty list means, and what would appear in it. */
export function InboxEmpty({
  state,
  filtered,
  onClear,
}: {
  state: IncidentState;
  filtered: boolean;
  onClear: () => void;
}) {
  if (filtered)
    return (
      <EmptyState
        icon={<Search />}
        title="No incident matches"
        action={
          <Button size="sm" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Take a filter away, or look at every target.
      </EmptyState>
    );
  const { icon, title, words } = teach[state];
  return (
    <EmptyState icon={icon} title={title}>
      {words}
    </EmptyState>
  );
}
