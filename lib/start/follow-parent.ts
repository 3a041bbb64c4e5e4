// Preloaded into every process the supervisor starts: when the supervisor dies, however it dies, the channel
// closes, and the process ends instead of living on with the port or the leadership.

const graceMs = 4_000;

if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    process.kill(process.pid, "SIGTERM");
  });
}
