/**
 * Version of the detection rules. It is written into every outage event, and the state of another
 * version is refused: the same records at the same version give byte-equal outages.
 */
export const rulesVersion = 'detection-4';
