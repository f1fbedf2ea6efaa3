// The image's health check: node infra/image/health.mjs [PATH]
// Asks the service in this container and ends with 0 when it says that it is well.
const port = process.env.OUTCRY_METRICS_PORT || '9464';
const path = process.argv[2] ?? '/healthz';
try {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    signal: AbortSignal.timeout(4_000),
  });
  const text = await response.text();
  if (!response.ok) console.error(`${path}: ${response.status} ${text.slice(0, 500)}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
