import { useDeferredValue, useMemo, useState } from "react";
import { useRead } from "@/lib/client/use-read.ts";
import { isWritten, matchersOf, type SilenceDraft } from "./silence-draft.ts";

/** What a person types before nothing is told any more; the server says the same. */
export const everythingPhrase = "silence everything";

/** What a draft would silence now, and the phrase that it needs where that is everything. */
export function useSilencePreview(draft: Pick<SilenceDraft, "target" | "matchers">) {
  const { target, matchers } = useDeferredValue(draft);
  const scope = useMemo(() => ({ target, matchers: matchersOf(matchers) }), [target, matchers]);
  const read = useRead("silencePreview", scope, {
    target: "",
    polled: false,
    enabled: isWritten(matchers),
  });
  const [typed, setTyped] = useState("");
  const everything = read.data?.everything ?? false;
  return {
    read,
    everything,
    typed,
    setTyped,
    confirmed: !everything || typed === everythingPhrase,
    phrase: everything ? typed : undefined,
  };
}
