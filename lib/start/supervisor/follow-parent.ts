// Preloaded into every process the supervisor starts: when the supervisor dies, however it dies, the channel
// closes, and the process ends instead of living on with the port or the leadership.

const graceMs = 4_000;

// Not for its own children: Next's development server waits for its first message on a channel that must hold it.
const at = process.execArgv.indexOf("--import");
if (at >= 0) process.execArgv.splice(at, 2);

if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    process.kill(process.pid, "SIGTERM");
  });
}
