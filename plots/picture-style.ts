/** What PNG pictures are drawn with, and what a browser has that comes near. */
export const FONT = 'DejaVu Sans, Verdana, sans-serif';
export const TEXT_COLOUR = '#333';
/** Of the inside of the axes (px). */
export const PLOT_WIDTH = 760;
export const PLOT_HEIGHT = 440;
