/** Weights to choose from: how many written texts a label counts for. */
export const labelWeights = [2, 4, 8, 16] as const;
/** With fewer labels on either side a cross-validation says nothing; labels count this much then. */
export const leastOfEachSide = 10;
export const unmeasuredWeight = 4;
/** Probabilities are measured on labels drawn by lot once there are so many, */
export const leastByLot = 100;
/** and so many signals, and so many others among them: a rate counted on three says nothing. */
export const leastByLotOfEachSide = 20;
