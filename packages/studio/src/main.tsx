import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './style/tokens.css';
import './style/frame.css';
import './style/charts.css';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root) render(<App />, root);
