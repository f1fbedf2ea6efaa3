/**
 * Weights of the confidence, in log-odds. Made by `node bench/detection/fit-confidence.ts --write`
 * from 312 simulated openings; the bias is that of 286 others that opened at the bar that ships,
 * 95.8% of them real. Brier score on such openings of other worlds 0.0615,
 * of the base rate alone 0.0728.
 */
export const confidenceWeights = {
  bias: 0.862,
  terms: {
    ratio: 2.31,
    height: 0.228,
    voices: 0,
    sources: 0.151,
    probe: 3.077,
    official: 2.985,
    copied: -1.977,
    echo: -2.181,
  },
} as const;
