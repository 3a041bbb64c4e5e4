export interface VerbDialogProps {
  request: { number: number; version: number };
  onClose: () => void;
}

/** What every verb of a request is given: which, and as it was shown. */
export const asShown = ({ number, version }: VerbDialogProps["request"]) => ({ request: number, version });
