/**
 * Weights of the confidence, in log-odds. Made by `node bench/detection/fit-confidence.ts --write`
 * from 280 simulated openings; the bias is that of the 94 which pass the bar that ships,
 * 92% of them real. Brier score on such openings of other worlds 0.0296,
 * of the base rate alone 0.0207.
 */
export const confidenceWeights = {
  bias: 0.248,
  terms: {
    ratio: 2.836,
    height: 0.015,
    voices: 0,
    sources: 0.198,
    probe: 2.967,
    official: 3.187,
    copied: -2.033,
    echo: -2.209,
  },
} as const;
