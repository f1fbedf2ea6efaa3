/**
 * Weights of the confidence, in log-odds. Made by `node bench/detection/fit-confidence.ts --write`
 * from 107 simulated openings, 59% of them real; Brier score on other worlds
 * 0.1248, of the base rate alone 0.2567.
 */
export const confidenceWeights = {
  bias: -1.502,
  terms: {
    ratio: 2.063,
    height: 0.278,
    voices: 0,
    sources: 0.291,
    probe: 2.772,
    official: 2.655,
    copied: -2.05,
    echo: -2,
  },
} as const;
