/**
 * Weights of the confidence, in log-odds. Made by `node bench/detection/fit-confidence.ts --write`
 * from 107 simulated openings, 59% of them real; Brier score on other worlds
 * 0.1448, of the base rate alone 0.2567.
 */
export const confidenceWeights = {
  bias: -1.182,
  terms: {
    ratio: 1.39,
    height: 0.24,
    voices: 0,
    sources: 0.133,
    probe: 2.14,
    official: 1.607,
    copied: -0.094,
    echo: 0,
  },
} as const;
