// Help of the commands and of their options.

import type { Catalogue } from '../translator.ts';

export const helpCommands: Catalogue = {
  'the format of the file (default: by its content)': '파일의 형식 (기본값: 내용을 보고 정합니다)',
  'for a file with weights alone: its layers and the functions between them in their order, as "lstm last relu fc"':
    '가중치만 있는 파일에서: 층과 그 사이의 함수를 순서대로, "lstm last relu fc"처럼',
  'for weights of Keras alone: the configuration that model.to_json() writes (default: model.json next to model.h5)':
    'Keras의 가중치만 있을 때: model.to_json()이 쓰는 설정 (기본값: model.h5 옆의 model.json)',
  'for a checkpoint with several state dicts: the key of the one to read':
    'state dict가 여럿인 체크포인트에서: 읽을 것의 키',
  'for ONNX: how a GRU is read that says it resets before the product; as-trained where the exporter of PyTorch left out linear_before_reset (a warning names such GRUs)':
    'ONNX: 곱하기 전에 리셋한다고 적힌 GRU를 읽는 방법. PyTorch에서 내보낼 때 linear_before_reset이 빠진 곳은 as-trained로 (그런 GRU는 경고로 알려 줍니다)',
  'for ONNX: inputs of one number that are the same in every call, as "sr=16000"; they become constants':
    'ONNX: 부를 때마다 값이 같은, 수 하나짜리 입력을 "sr=16000"처럼. 상수가 됩니다',
  'list every tensor with its type and shape': '모든 텐서를 타입, 모양과 함께 보여 줍니다',
  'the run folder to write': '쓸 실행 폴더',
  'what the model does with text; tensors: anything else, such as a classifier or forecaster of numbers, by the names of its inputs and outputs':
    '모델이 글로 하는 일. tensors는 그 밖의 모든 것, 예를 들어 수의 분류기나 예측기이고, 입출력을 이름으로 다룹니다',
  Tasks: '과제',
  'the tokens by their ids: JSON (a list, or a map), a token a line, or the tokenizer.json of Hugging Face':
    'id 순서의 토큰: JSON(목록이나 사전), 한 줄에 토큰 하나, 또는 Hugging Face의 tokenizer.json',
  'the labels in the order of the outputs: JSON, or a label a line':
    '출력 순서의 레이블: JSON, 또는 한 줄에 레이블 하나',
  'how a text becomes tokens: characters, words and signs apart, or what stands between spaces (default: by the vocabulary)':
    '글을 토큰으로 나누는 방법: 글자, 단어와 부호 따로, 또는 띄어쓰기 사이 (기본값: 어휘에 맞춰)',
  'lowercase texts before they are taken apart': '글을 나누기 전에 소문자로 바꿉니다',
  'tokens of a text that a classifier reads at most': '분류기가 글에서 읽는 최대 토큰 수',
  'tokens that the network reads at once, where the file does not say (what it was trained on)':
    '파일에 적혀 있지 않을 때 신경망이 한 번에 읽는 토큰 수(학습할 때의 값)',
  'the id that stands before a text of fewer tokens (default: that of <pad>, or 0 where no token has it)':
    '토큰이 모자라는 글 앞에 놓을 id (기본값: <pad>의 id, 그런 토큰이 없으면 0)',
  'instead of importing: compute the test vectors of an imported run again, and compare':
    '가져오는 대신: 가져온 실행의 테스트 벡터를 다시 계산해 비교합니다',
  'replace a run that is there': '이미 있는 실행을 바꿉니다',
  'the format to write': '쓸 형식',
  'the folder to write (default: next to the run, with the name of the format)':
    '쓸 폴더 (기본값: 실행 옆에 형식의 이름으로)',
  'compute the test vectors again from the written files; for ONNX this needs onnxruntime-node':
    '쓴 파일로 테스트 벡터를 다시 계산합니다. ONNX는 onnxruntime-node가 있어야 합니다',
  'write into a folder that is not empty': '비어 있지 않은 폴더에 씁니다',
  'the settings of a paper or program, printed at the start; other options override them: {0}':
    '논문이나 프로그램의 설정. 처음에 출력되며, 다른 옵션이 우선합니다: {0}',
  Search: '탐색',
  'beam width: hypotheses kept at each step; 1 is greedy search':
    '빔의 폭: 단계마다 남기는 가설 수. 1은 탐욕 탐색입니다',
  'length penalty α (GNMT); 0 ranks by log-probability alone, which favors short outputs':
    '길이 벌점 α(GNMT). 0은 로그 확률로만 순위를 매기므로 짧은 출력이 유리합니다',
  'coverage penalty β (GNMT: 0.2) for source tokens without attention; needs an attention decoder':
    '어텐션을 받지 못한 원문 토큰에 주는 커버리지 벌점 β(GNMT: 0.2). 어텐션 디코더에만 쓸 수 있습니다',
  'no n-gram of this size occurs twice; 0 for no limit': '이 길이의 n-그램이 두 번 나오지 않게 합니다. 0은 제한 없음',
  'minimum number of tokens to generate': '생성할 최소 토큰 수',
  'maximum number of tokens to generate (default: twice the longest target of the training data, plus 10)':
    '생성할 최대 토큰 수 (기본값: 학습 데이터에서 가장 긴 목표의 두 배에 10을 더한 값)',
  'write unknown words: the source word with the most attention in place of each unknown token; needs an attention decoder':
    '모르는 단어를 옮겨 씁니다: 모르는 토큰 자리마다 어텐션을 가장 많이 받은 원문 단어를 씁니다. 어텐션 디코더에만 쓸 수 있습니다',
  'hypotheses to print, sorted by score; at most --beams': '출력할 가설 수, 점수 순. --beams까지',
  'sample translations instead of beam search': '빔 탐색 대신 번역을 샘플링합니다',
  'sampling temperature for --sample; below 1 sharpens the distribution, above 1 flattens it':
    '--sample의 온도. 1보다 낮으면 분포가 뾰족해지고, 높으면 평평해집니다',
  'for --sample: sample from the k most probable tokens; 0 for all':
    '--sample에서: 확률이 가장 높은 토큰 k개에서 뽑습니다. 0은 전부',
  'for --sample: nucleus sampling, from the most probable tokens whose probabilities add up to this':
    '--sample에서: 핵(nucleus) 샘플링. 확률의 합이 이 값이 될 때까지 가장 높은 토큰들에서 뽑습니다',
  'for --sample: random seed': '--sample에서: 난수 시드',
  'port to listen on; 0 for any that is free': '기다릴 포트. 0은 비어 있는 아무 포트',
  'address to listen on; any but this machine itself needs a key': '기다릴 주소. 이 컴퓨터가 아니면 키가 있어야 합니다',
  'do not open new checkpoints of the runs when they appear': '실행에 새 체크포인트가 생겨도 열지 않습니다',
  'how the messages of a chat become text: line after line, or a dialog with the names of the roles':
    '대화의 메시지를 글로 만드는 방법: 한 줄씩, 또는 역할의 이름이 있는 대화로',
  Access: '접근',
  'key that requests need, as a bearer token; several with commas between them (default: the variable UNROLLED_API_KEY, which no list of processes shows)':
    '요청에 있어야 하는 키, bearer 토큰으로. 여럿이면 쉼표로 구분합니다 (기본값: 환경 변수 UNROLLED_API_KEY. 프로세스 목록에 보이지 않습니다)',
  'host names under which to answer, separated by commas (default: those of this machine and addresses; with a key, all)':
    '응답할 호스트 이름, 쉼표로 구분 (기본값: 이 컴퓨터의 이름과 주소, 키가 있으면 모두)',
  'origins whose pages may use the server, as https://example.com, separated by commas (default: none but its own)':
    '서버를 써도 되는 페이지의 출처, https://example.com처럼, 쉼표로 구분 (기본값: 서버 자신의 페이지만)',
  'hosts from which images may be fetched, separated by commas (default: none)':
    '이미지를 가져와도 되는 호스트, 쉼표로 구분 (기본값: 없음)',
  'file with the secret that signs state tokens, the same for every copy of the server (default: the variable UNROLLED_STATE_KEY, or a random one)':
    '상태 토큰에 서명하는 비밀이 든 파일. 서버를 여럿 띄울 때 모두 같아야 합니다 (기본값: 환경 변수 UNROLLED_STATE_KEY, 없으면 난수)',
  'days for which a state token is good': '상태 토큰이 유효한 날수',
  Computing: '계산',
  'number of worker threads (default: one per model, at most one per core)':
    '작업 스레드 수 (기본값: 모델마다 하나, 코어 수까지)',
  Limits: '한도',
  'sequences that a model computes at the same time (default: 256)':
    '모델 하나가 동시에 계산하는 시퀀스 수 (기본값: 256)',
  'requests of a model that wait; more are refused with 429 (default: 256)':
    '모델 하나에서 기다리는 요청 수. 더 오면 429로 거절합니다 (기본값: 256)',
  'most characters or tokens that a request can ask for': '요청 하나가 바랄 수 있는 최대 글자나 토큰 수',
  'seconds after which a request that is not answered ends': '응답하지 못한 요청을 끝낼 때까지의 초',
  'size of a body of text in MiB': '글 본문의 최대 크기, MiB',
  Output: '출력',
  'append one JSON object per request to this file; - for standard output':
    '요청마다 JSON 객체 하나를 이 파일에 덧붙입니다. -는 표준 출력',
  'print the address and the models as one JSON object once the server listens':
    '서버가 준비되면 주소와 모델을 JSON 객체 하나로 출력합니다',
  'address to listen on; one of this machine': '기다릴 주소. 이 컴퓨터의 주소여야 합니다',
  'print the address as one JSON object once the server listens': '서버가 준비되면 주소를 JSON 객체 하나로 출력합니다',
  'folder of the sweep (default: sweeps/ and the name of the file); a sweep that is in it is continued':
    '스윕의 폴더 (기본값: sweeps/ 아래 파일의 이름). 이미 있는 스윕은 이어서 합니다',
  'Several processes': '여러 프로세스',
  'index of this process, from 0 (default: what mpirun, srun, a Slurm array or an indexed Kubernetes Job says)':
    '이 프로세스의 번호, 0부터 (기본값: mpirun, srun, Slurm 배열, 번호가 있는 Kubernetes Job이 알려 주는 번호)',
  'number of indices that share the trials of an array (default: one index for each trial)':
    '배열의 시도를 나눠 맡을 번호의 수 (기본값: 시도마다 하나)',
  'train this trial alone': '이 시도만 학습합니다',
  'print the table of trials, and train nothing': '시도의 표를 출력하고 아무것도 학습하지 않습니다',
  'write the page of results to this file too (default: only results.html in the folder of the sweep)':
    '결과 페이지를 이 파일에도 씁니다 (기본값: 스윕 폴더의 results.html에만)',
  'print one JSON object on standard output; progress goes to standard error':
    '표준 출력에 JSON 객체 하나를 출력합니다. 진행 상황은 표준 오류로 갑니다',
  'print results only, without progress': '진행 상황 없이 결과만 출력합니다',
  'print the stack trace of an error': '오류의 스택 추적을 출력합니다',
  "language of everything that is printed and of pages, English or Korean (default: the terminal's)":
    '출력하는 모든 말과 페이지의 언어, 영어(en)나 한국어(ko) (기본값: 터미널의 언어)',
  'kernels to compute with (default: the fastest available)': '계산할 커널 (기본값: 쓸 수 있는 것 가운데 가장 빠른 것)',
  'number of threads; results do not depend on it (default: all cores)':
    '스레드 수. 결과는 스레드 수에 따라 달라지지 않습니다 (기본값: 모든 코어)',
  'text to continue': '이어 쓸 글',
  'number of characters, or of tokens, to generate': '생성할 글자 또는 토큰 수',
  'sampling temperature; below 1 sharpens the distribution, above 1 flattens it, 0 is --greedy':
    '샘플링 온도. 1보다 낮으면 분포가 뾰족해지고, 높으면 평평해집니다, 0은 --greedy와 같음',
  'sample from the k most probable characters or tokens; 0 for all':
    '확률이 가장 높은 글자나 토큰 k개에서 뽑습니다. 0은 전부',
  'nucleus sampling: sample from the most probable characters whose probabilities add up to this':
    '핵(nucleus) 샘플링: 확률의 합이 이 값이 될 때까지 가장 높은 글자들에서 뽑습니다',
  'sample only from characters at least this fraction as probable as the most probable one; 0 for all':
    '확률이 가장 높은 글자의 이 비율 이상인 글자에서만 뽑습니다. 0은 전부',
  'take the most probable character at every step': '단계마다 확률이 가장 높은 글자를 고릅니다',
  'random seed (default: a different text each time)': '난수 시드 (기본값: 할 때마다 다른 글)',
  'the checkpoint with the best validation result, or the last one':
    '검증 결과가 가장 좋은 체크포인트, 또는 마지막 체크포인트',
  'number format of the weights while sampling; narrower formats are faster':
    '샘플링할 때 가중치의 수 형식. 좁은 형식이 더 빠릅니다',
  'run the command in the folder of a sweep, whatever files it names, even if it was not begun on this machine':
    '이 컴퓨터에서 시작하지 않은 스윕이라도, 어떤 파일을 가리키든 스윕 폴더의 명령을 실행합니다',
  'read the data files that the run names, wherever they are, even if it was not trained on this machine':
    '이 컴퓨터에서 학습하지 않은 실행이라도, 실행에 적힌 데이터 파일을 어디에 있든 읽습니다',
  'for caption and vqa runs: the folder with the images of --file (default: the folder of --file)':
    'caption과 vqa 실행: --file의 이미지가 있는 폴더 (기본값: --file이 있는 폴더)',
  'for video runs: the folder with the clips of --file (default: the folder of --file)':
    'video 실행: --file의 클립이 있는 폴더 (기본값: --file이 있는 폴더)',
  Cache: '캐시',
  'for text runs: also evaluate with a continuous cache of the last steps, which makes symbols that occurred lately more probable: 500 to 2000':
    'text 실행: 마지막 몇 단계의 연속 캐시로도 평가합니다. 최근에 나온 기호의 확률이 높아집니다: 500에서 2000',
  'how much more alike hidden states count in the cache (θ)': '캐시에서 은닉 상태가 더 닮을수록 얼마나 더 세는가(θ)',
  'share of the cache in the probability (λ)': '확률에서 캐시가 차지하는 몫(λ)',
  'data to evaluate on (default: the validation part of the training data)':
    '평가할 데이터 (기본값: 학습 데이터의 검증 부분)',
  'text to evaluate on, for text runs': '평가할 글, text 실행에서',
  'evaluate only the rows for which this SQL condition is true': '이 SQL 조건을 만족하는 행만 평가합니다',
  'for a run trained on features: the features of the images or clips of --file':
    '특징으로 학습한 실행: --file에 있는 이미지나 클립의 특징',
  'rows that cannot be read: few skips them while they are under a tenth, skip always skips them, stop fails (default: as in training)':
    '읽을 수 없는 행: few는 10분의 1보다 적을 때 건너뛰고, skip은 늘 건너뛰고, stop은 오류로 멈춥니다 (기본값: 학습할 때와 같게)',
  'for text runs: also evaluate with the weights in this number format, and print the difference':
    'text 실행: 이 수 형식의 가중치로도 평가하고 차이를 출력합니다',
  'tokenization for BLEU, as in sacreBLEU: 13a, char for languages without spaces, none to split at spaces':
    'BLEU의 토큰화, sacreBLEU와 같습니다: 13a, 띄어쓰기가 없는 언어는 char, 띄어쓰기로만 나누려면 none',
  'for forecast runs: write the rolling forecasts, from every moment that is measured, next to the actual values':
    'forecast 실행: 측정하는 시점마다의 예측을 실제 값 옆에 씁니다',
  'for --forecasts: rows from one moment to the next': '--forecasts에서: 한 시점에서 다음 시점까지의 행 수',
  'for classify runs: also precision and recall of the k most probable labels, as 1,5 (default for several labels a text: 1,3,5)':
    'classify 실행: 확률이 가장 높은 레이블 k개의 정밀도와 재현율도, 1,5처럼 (레이블이 여러 개인 글의 기본값: 1,3,5)',
  'for translate runs: BLEU, chrF and error rates without case':
    'translate 실행: 대소문자를 가리지 않는 BLEU, chrF, 오류율',
  'for translate runs: further references of --file, texts with a line for each of its rows, separated by commas':
    'translate 실행: --file의 다른 참조 번역, 행마다 한 줄인 글, 쉼표로 구분',
  'write the report as one self-contained HTML file (default: print it in the terminal)':
    '보고서를 다른 파일이 필요 없는 HTML 파일 하나로 씁니다 (기본값: 터미널에 출력)',
  'sections to show, separated by commas: training, cells, gates, memory, gradients, spectrum, truncation, clipping, checks':
    '보여 줄 절, 쉼표로 구분: training, cells, gates, memory, gradients, spectrum, truncation, clipping, checks',
  'text to record the hidden units on (default: the validation part of the training data)':
    '은닉 유닛을 기록할 글 (기본값: 학습 데이터의 검증 부분)',
  'number of characters or tokens to read': '읽을 글자나 토큰 수',
  'also search for units that track matches of a regular expression': '정규식과 맞는 곳을 따라가는 유닛도 찾습니다',
  'lines of text, or a table with the input column of the training data; - is standard input':
    '여러 줄의 글, 또는 학습 데이터의 입력 열이 있는 표. -는 표준 입력',
  'predict only the rows for which this SQL condition is true': '이 SQL 조건을 만족하는 행만 예측합니다',
  'for a run trained on features: the features of the images or clips, .npy or .safetensors':
    '특징으로 학습한 실행: 이미지나 클립의 특징, .npy나 .safetensors',
  'images and clips that cannot be read: skip answers them with an error and goes on, stop fails (default: skip, but stop for a single one)':
    '읽을 수 없는 이미지와 클립: skip은 오류를 답으로 주고 계속하고, stop은 멈춥니다 (기본값: skip, 하나뿐이면 stop)',
  'number of labels to print, sorted by probability': '출력할 레이블 수, 확률 순',
  'for caption runs: captions to print for each image, sorted by score; at most --beams':
    'caption 실행: 이미지마다 출력할 캡션 수, 점수 순. --beams까지',
  'for caption runs and vqa runs of form map: write the attention maps to a page (.html) or to one image each (.svg, .png); for per-frame video runs: the timelines (.svg)':
    'caption 실행과 형식이 map인 vqa 실행: 어텐션 지도를 페이지 하나(.html)나 이미지 하나씩(.svg, .png)으로 씁니다. 프레임별 video 실행: 시간표(.svg)',
  'print one JSON object per line': '한 줄에 JSON 객체 하나를 출력합니다',
  'number of the newest checkpoints of each run (default: all that one run keeps; of several runs the best of each)':
    '실행마다 최신 체크포인트 몇 개를 쓸지 (기본값: 실행이 하나면 남아 있는 전부, 여럿이면 각각 가장 좋은 것)',
  'also write the lesson as a page (.html), or its first chart alone (.svg); with --all a folder':
    '수업을 페이지(.html)로도, 또는 첫 그림만(.svg) 씁니다. --all과 함께라면 폴더',
  'run every lesson and write them as pages into the folder --out': '모든 수업을 하고 --out 폴더에 페이지로 씁니다',
  'lines of text, or a table with the source column; - is standard input':
    '여러 줄의 글, 또는 원문 열이 있는 표. -는 표준 입력',
  'show the attention matrix: terminal, or a file.svg or file.png (several texts: file-1.svg, file-2.svg, …)':
    '어텐션 행렬을 보여 줍니다: terminal, 또는 file.svg나 file.png (글이 여럿이면 file-1.svg, file-2.svg, …)',
  'skip the self-test of about ten seconds and only list what is available':
    '10초쯤 걸리는 자가 시험을 건너뛰고 쓸 수 있는 것만 보여 줍니다',
  'C++ compiler (default: CXX of the environment, or c++)': 'C++ 컴파일러 (기본값: 환경 변수 CXX, 없으면 c++)',
  'compile even if the sources, the flags and the compiler are the same':
    '소스, 플래그, 컴파일러가 그대로여도 컴파일합니다',
  'ask a trained model a question about an image': '학습한 모델에 이미지에 관해 묻습니다',
  'the run folder of `train vqa`': '`train vqa`의 실행 폴더',
  'an image file, or a folder of images': '이미지 파일, 또는 이미지 폴더',
  'questions about the image': '이미지에 관한 질문',
  'average the weights of checkpoints into a new run': '체크포인트들의 가중치를 평균 내어 새 실행을 만듭니다',
  'one run, whose newest checkpoints are averaged, or several of the same model':
    '최신 체크포인트를 평균 낼 실행 하나, 또는 같은 모델의 실행 여럿',
  'run folder': '실행 폴더',
  'start over and replace the run in the folder': '처음부터 다시 하고 폴더의 실행을 바꿉니다',
  'train for about this long on this machine, instead of the steps of the demonstration':
    '데모의 단계 수 대신, 이 컴퓨터에서 이만큼의 시간(분) 동안 학습합니다',
  'number of training steps, instead of those of the demonstration': '데모의 단계 수 대신 쓸 학습 단계 수',
  'random seed; the same seed and data give the same run, bit for bit':
    '난수 시드. 시드와 데이터가 같으면 비트까지 같은 실행이 됩니다',
  'train on synthetic data for up to a minute, with nothing to download':
    '합성 데이터로 1분 안쪽으로 학습합니다. 내려받을 것이 없습니다',
  '{0}; without it they are listed': '{0}. 없으면 목록을 보여 줍니다',
  'name of the demonstration (default: the first of the task)': '데모의 이름 (기본값: 그 과제의 첫 데모)',
  'print what a model file of PyTorch, Keras, TensorFlow.js or ONNX holds, without running anything':
    'PyTorch, Keras, TensorFlow.js, ONNX 모델 파일에 무엇이 있는지, 실행하지 않고 보여 줍니다',
  'the model file, or a folder with the files of one model': '모델 파일, 또는 한 모델의 파일들이 있는 폴더',
  'report the machine, backends and readers, and test the kernels for about ten seconds':
    '컴퓨터, 백엔드, 읽기 도구를 알려 주고 커널을 10초쯤 시험합니다',
  'evaluate a trained model': '학습한 모델을 평가합니다',
  'the run folder': '실행 폴더',
  'write the model of a run for ONNX, PyTorch, Keras, TensorFlow.js or NumPy, with a certificate':
    '실행의 모델을 ONNX, PyTorch, Keras, TensorFlow.js, NumPy 형식으로 인증서와 함께 씁니다',
  'forecast a time series with a trained model': '학습한 모델로 시계열을 예측합니다',
  'table to forecast from its last rows (default: the training data)':
    '마지막 행들에서 이어 예측할 표 (기본값: 학습 데이터)',
  'make a run folder of a model of PyTorch, Keras, TensorFlow.js or ONNX':
    'PyTorch, Keras, TensorFlow.js, ONNX 모델로 실행 폴더를 만듭니다',
  'the model file, or a folder with the files of one model; with --verify a run folder':
    '모델 파일, 또는 한 모델의 파일들이 있는 폴더. --verify와 함께라면 실행 폴더',
  'analyze a trained network: gradients, memory, hidden units, gates, checks':
    '학습한 신경망을 분석합니다: 기울기, 기억, 은닉 유닛, 게이트, 점검',
  'a course on recurrent networks in experiments of at most a minute each':
    '순환 신경망 강의: 길어야 1분씩 걸리는 실험들',
  '{0} (default: a list)': '{0} (기본값: 목록)',
  'compile the native kernels for this machine with a C++ compiler':
    'C++ 컴파일러로 이 컴퓨터에 맞는 네이티브 커널을 컴파일합니다',
  'predict with a trained model on new data': '학습한 모델로 새 데이터를 예측합니다',
  'texts, image or video files or folders of them, tables and arrays of number sequences, or JSON with tensors by name; - reads lines from standard input':
    '글, 이미지나 비디오 파일이나 그 폴더, 숫자 시퀀스의 표와 배열, 또는 텐서에 이름이 있는 JSON. -는 표준 입력에서 한 줄씩 읽습니다',
  'generate text with a trained model': '학습한 모델로 글을 생성합니다',
  'serve trained models over HTTP: a page, the interfaces of OpenAI and Ollama, a route per task':
    '학습한 모델을 HTTP로 제공합니다: 페이지 하나, OpenAI와 Ollama의 인터페이스, 과제마다 경로 하나',
  'run folders; name=folder gives one another name': '실행 폴더. 이름=폴더로 쓰면 그 이름이 됩니다',
  'open a page that trains networks, shows how they work, and keeps them in the browser':
    '신경망을 학습하고, 어떻게 동작하는지 보여 주고, 브라우저에 보관하는 페이지를 엽니다',
  'run folders to open in it; name=folder gives one another name':
    '페이지에서 열 실행 폴더. 이름=폴더로 쓰면 그 이름이 됩니다',
  'train many models with different options and compare them: grid, random search, successive halving':
    '옵션을 바꿔 가며 모델을 여럿 학습해 비교합니다: 격자, 무작위 탐색, 연속 반감(successive halving)',
  'sweep.json, or the folder of a sweep that was begun': 'sweep.json, 또는 시작한 스윕의 폴더',
  'translate texts with a trained model': '학습한 모델로 글을 번역합니다',
  'texts; - reads lines from standard input': '글. -는 표준 입력에서 한 줄씩 읽습니다',
  '{0}, {1} files': '{0}, 파일 {1}개',
  'images of one shape: a red circle at the top left': '도형 하나가 있는 이미지: 왼쪽 위의 빨간 원',
  'images of two shapes and questions about them: what color is the star?':
    '도형 둘이 있는 이미지와 그에 관한 질문: 별은 무슨 색인가?',
  'Usage:': '사용법:',
  'Options:': '옵션:',
  'Arguments:': '인수:',
  'Commands:': '명령:',
  "error: unknown option '{0}'": "오류: 모르는 옵션 '{0}'",
  "error: unknown command '{0}'": "오류: 모르는 명령 '{0}'",
  "error: missing required argument '{0}'": "오류: 인수 '{0}'이 없습니다",
  "error: option '{0}' argument missing": "오류: 옵션 '{0}'의 값이 없습니다",
  'error: too many arguments. Expected {0} arguments but got {1}.':
    '오류: 인수가 너무 많습니다. {0}개여야 하는데 {1}개입니다.',
  'error: too many arguments. Expected {0} argument but got {1}.':
    '오류: 인수가 너무 많습니다. {0}개여야 하는데 {1}개입니다.',
  "error: too many arguments for '{0}'. Expected {1} arguments but got {2}.":
    "오류: '{0}'의 인수가 너무 많습니다. {1}개여야 하는데 {2}개입니다.",
  "error: too many arguments for '{0}'. Expected {1} argument but got {2}.":
    "오류: '{0}'의 인수가 너무 많습니다. {1}개여야 하는데 {2}개입니다.",
  '(Did you mean {0}?)': '(혹시 {0}?)',
  '(Did you mean one of {0}?)': '(혹시 {0} 가운데 하나?)',
  'display help for command': '명령의 도움말을 보여 줍니다',
  '(--help explains every option)': '(--help가 모든 옵션을 설명합니다)',
};
