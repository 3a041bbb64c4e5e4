import { ConsoleNotFound } from "@/components/shell/console-not-found";

export default function NotFound() {
  return <ConsoleNotFound />;
}
