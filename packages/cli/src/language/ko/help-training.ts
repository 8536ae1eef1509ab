// Help of the options of training.

import type { Catalogue } from '../translator.ts';

export const helpTraining: Catalogue = {
  'train an image captioner: CNN encoder, recurrent decoder, with or without attention':
    '이미지 캡션 모델을 학습합니다: CNN 인코더와 순환 디코더, 어텐션은 선택',
  'captions: COCO or Karpathy JSON, a list, CSV, JSON lines, Parquet; or a folder of images with .txt files':
    '캡션: COCO나 Karpathy의 JSON, 목록, CSV, JSON lines, Parquet, 또는 이미지마다 .txt 파일이 있는 폴더',
  'train on synthetic images instead of a file ({0})': '파일 대신 합성 이미지로 학습합니다({0})',
  Data: '데이터',
  'folder with the images (default: the folder of the captions file)':
    '이미지가 있는 폴더 (기본값: 캡션 파일이 있는 폴더)',
  'column with the image file names': '이미지 파일 이름이 있는 열',
  'column with the captions': '캡션이 있는 열',
  'read only the rows of a table for which this SQL condition is true': '이 SQL 조건을 만족하는 행만 읽습니다',
  'validation captions (default: the split named in the data, else a fraction of the images, see --val-frac)':
    '검증용 캡션 (기본값: 데이터에 적힌 분할, 없으면 이미지의 일부. --val-frac 참고)',
  'fraction of the images for validation, sampled with --seed': '검증에 쓸 이미지의 비율. --seed로 뽑습니다',
  'captions and images that cannot be read: few skips them while they are under a tenth, skip always skips them, stop fails':
    '읽을 수 없는 캡션과 이미지: few는 10분의 1보다 적을 때 건너뛰고, skip은 늘 건너뛰고, stop은 오류로 멈춥니다',
  'precomputed image features instead of pixels: .npy or .safetensors, [images, regions, D] or [images, D]':
    '픽셀 대신 미리 계산한 이미지 특징: .npy나 .safetensors, [이미지, 영역, D] 또는 [이미지, D]',
  'precomputed features of the --validation images': '--validation 이미지의 미리 계산한 특징',
  'height and width that images are resized to, in pixels (default: 64; 32 for --demo; what a pretrained CNN reads)':
    '이미지를 맞출 높이와 너비, 픽셀 단위 (기본값: 64, --demo에서는 32, 미리 학습한 CNN이 있으면 그것이 읽는 크기)',
  'background of transparent images and padding color of --fit contain: white, black or #rrggbb':
    '투명한 이미지의 배경과 --fit contain의 여백 색: white, black 또는 #rrggbb',
  'how non-square images are resized: center crop (cover), padding (contain) or stretching (squash)':
    '정사각형이 아닌 이미지를 맞추는 방법: 가운데 자르기(cover), 여백 넣기(contain), 늘이기(squash)',
  'words with fewer occurrences in the training data are unknown':
    '학습 데이터에 이보다 적게 나오는 단어는 모르는 단어로 둡니다',
  'maximum caption length in words; longer captions are truncated':
    '캡션의 최대 길이, 단어 단위. 더 긴 캡션은 잘라 냅니다',
  Model: '모델',
  'how the decoder receives the image: soft or hard attention (Show, Attend and Tell), as the first token (prefix, Show and Tell), as the initial state (initial, CS231n), or added to the recurrence through its own matrix (inject)':
    '디코더가 이미지를 받는 방법: soft나 hard 어텐션(Show, Attend and Tell), 첫 토큰으로(prefix, Show and Tell), 초기 상태로(initial, CS231n), 따로 둔 행렬을 거쳐 순환에 더하기(inject)',
  'for inject: the image is an input at the first step or at every step':
    'inject에서: 이미지를 첫 단계에만 넣을지 모든 단계에 넣을지',
  'the recurrent cell: {0}': '순환 셀: {0}',
  'hidden size of the decoder': '디코더의 은닉 상태 크기',
  'word embedding size (default: half of --hidden)': '단어 임베딩 크기 (기본값: --hidden의 절반)',
  'channels of each convolutional stage of the encoder; each stage halves height and width (default: 32,64,128,256; fewer stages below 64 pixels)':
    '인코더의 합성곱 단계별 채널 수. 단계마다 높이와 너비가 절반이 됩니다 (기본값: 32,64,128,256, 64픽셀보다 작으면 단계가 더 적습니다)',
  'do not add a learned position embedding to the image regions':
    '이미지 영역에 학습되는 위치 임베딩을 더하지 않습니다',
  'attention: weight of the doubly stochastic penalty, which asks for equal attention to every region':
    '어텐션: 모든 영역에 고르게 주의를 주도록 하는 이중 확률(doubly stochastic) 벌점의 가중치',
  'hard attention: weight of the REINFORCE reward; lower it (0.05) where attention does not learn':
    '하드 어텐션: REINFORCE 보상의 가중치. 어텐션이 학습되지 않으면 줄이세요(0.05)',
  'hard attention: fraction of the captions trained with soft attention instead of samples':
    '하드 어텐션: 샘플링 대신 소프트 어텐션으로 학습할 캡션의 비율',
  'hard attention: weight of the entropy bonus': '하드 어텐션: 엔트로피 보너스의 가중치',
  'dropout probability on the word embedding and the output': '단어 임베딩과 출력의 드롭아웃 확률',
  'linear output layer instead of tanh: image features contribute additively to the logits, which generalizes better to unseen combinations':
    'tanh 대신 선형 출력층: 이미지 특징이 로짓에 더해지므로 처음 보는 조합에 더 잘 일반화합니다',
  Training: '학습',
  'freeze the encoder': '인코더를 동결합니다',
  'freeze the encoder for this many epochs, then fine-tune it':
    '이만큼의 에포크 동안 인코더를 동결한 뒤 미세 조정합니다',
  'learning rate of the encoder as a multiple of --lr (default: 1; 0.1 for a pretrained CNN)':
    '인코더의 학습률. --lr의 배수입니다 (기본값: 1, 미리 학습한 CNN은 0.1)',
  'captions sampled per image at each step (default: all)': '단계마다 이미지 한 장에서 뽑는 캡션 수 (기본값: 전부)',
  Watching: '검증과 기록',
  'metric for the best checkpoint and --patience: bleu4 or cider of the captions of 200 validation images, or the validation loss':
    '가장 좋은 체크포인트와 --patience의 기준: 검증 이미지 200장 캡션의 bleu4나 cider, 또는 검증 손실',
  'train a classifier of texts (sentiment, topic) or of number sequences (sensors, gestures)':
    '글(감성, 주제)이나 숫자 시퀀스(센서, 동작)의 분류기를 학습합니다',
  'CSV, TSV, JSON lines or Parquet, or a folder with one subfolder of texts per label; of numbers also .npy, .npz, and folders of tables':
    'CSV, TSV, JSON lines, Parquet, 또는 레이블마다 글이 든 하위 폴더가 있는 폴더. 수라면 .npy, .npz, 표가 든 폴더도 됩니다',
  'train on synthetic examples instead of a file ({0})': '파일 대신 합성 예제로 학습합니다({0})',
  'column with the texts': '글이 있는 열',
  'column with the labels': '레이블이 있는 열',
  'any number of labels a text: the label column has lists, or labels separated by |, ; or commas':
    '글 하나에 레이블 여러 개: 레이블 열에 목록이 있거나, 레이블을 |나 ;나 쉼표로 구분합니다',
  '{0} (default: word; character for single words, and for Korean, Japanese and Chinese)':
    '{0} (기본값: word. 글이 한 단어씩이거나 한국어, 일본어, 중국어이면 character)',
  '{0}; at 1 (PyTorch) a few thousand texts are memorized before they generalize':
    '{0}. 1(PyTorch)이면 글 수천 편은 일반화하기 전에 외워 버립니다',
  '{0} (default: 0.5 for texts, 0.2 for numbers)': '{0} (기본값: 글은 0.5, 수는 0.2)',
  'word dropout: fraction of input tokens that are zeroed in training, the others scaled up (default: 0.1 for --unit word and bpe, else 0)':
    '단어 드롭아웃: 학습할 때 0으로 만들 입력 토큰의 비율. 나머지는 그만큼 키웁니다 (기본값: --unit word와 bpe는 0.1, 그 밖에는 0)',
  'pooling over time: last, mean, max or attention': '시간 방향의 풀링: last, mean, max, attention',
  'class weights: the loss weights every label equally, whatever its frequency':
    '클래스 가중치: 빈도와 상관없이 모든 레이블이 손실에서 같은 무게를 갖습니다',
  'read only the rows for which this SQL condition is true: "stars <> 3"':
    '이 SQL 조건을 만족하는 행만 읽습니다: "stars <> 3"',
  'the first line is data, not a header; the columns are called 1, 2, 3, …':
    '첫 줄은 머리글이 아니라 데이터입니다. 열 이름은 1, 2, 3, …이 됩니다',
  'validation data (default: a fraction of the training data, see --val-frac)':
    '검증 데이터 (기본값: 학습 데이터의 일부. --val-frac 참고)',
  'validation fraction, sampled with --seed': '검증에 쓸 비율. --seed로 뽑습니다',
  'rows that cannot be read: few skips them while they are under a tenth, skip always skips them, stop fails':
    '읽을 수 없는 행: few는 10분의 1보다 적을 때 건너뛰고, skip은 늘 건너뛰고, stop은 오류로 멈춥니다',
  'maximum sequence length in tokens; longer sequences are truncated':
    '시퀀스의 최대 길이, 토큰 단위. 더 긴 시퀀스는 잘라 냅니다',
  'maximum sequence length; longer sequences are truncated (default: {0} tokens of a text, 1000 steps of a number sequence)':
    '시퀀스의 최대 길이. 더 긴 시퀀스는 잘라 냅니다 (기본값: 글은 토큰 {0}개, 숫자 시퀀스는 1000단계)',
  'tokenization: character, codepoint, word, jamo (Korean letters) or bpe (byte-pair encoding)':
    '토큰화: character(글자), codepoint(코드 포인트), word(단어), jamo(한글 자모), bpe(바이트 쌍 인코딩)',
  'maximum vocabulary size, most frequent tokens first (default: all; 8000 for bpe)':
    '어휘의 최대 크기, 자주 나오는 토큰부터 (기본값: 전부, bpe는 8000)',
  'tokens with fewer occurrences in the training data are unknown':
    '학습 데이터에 이보다 적게 나오는 토큰은 모르는 토큰으로 둡니다',
  'lowercase the text': '글을 소문자로 바꿉니다',
  'hidden size of each layer and direction': '층과 방향마다의 은닉 상태 크기',
  'number of layers': '층 수',
  'use a unidirectional network': '단방향 신경망을 씁니다',
  'embedding size; 0 for one-hot input (default: --hidden)': '임베딩 크기. 0은 원-핫 입력 (기본값: --hidden)',
  'dropout probability on the embedding, between layers and on the output': '임베딩, 층 사이, 출력의 드롭아웃 확률',
  "standard deviation of the embedding's initial values": '임베딩 초깃값의 표준편차',
  'word dropout: fraction of input words replaced by the unknown token in training, so that the model relies more on the image':
    '단어 드롭아웃: 학습할 때 모르는 토큰으로 바꿀 입력 단어의 비율. 모델이 이미지에 더 기대게 됩니다',
  'label smoothing: fraction of each target spread over all classes':
    '레이블 스무딩: 목표 가운데 모든 클래스에 나눠 줄 몫',
  'pretrained word vectors as the initial embedding: .vec of fastText and word2vec, GloVe text, also as .gz; --embedding is their size':
    '미리 학습한 단어 벡터를 임베딩의 초깃값으로: fastText와 word2vec의 .vec, GloVe 텍스트, .gz도 됩니다. 크기는 --embedding이 됩니다',
  'train a time series forecaster: load, prices, weather': '시계열 예측 모델을 학습합니다: 전력 부하, 가격, 날씨',
  'CSV, TSV, JSON lines or Parquet with one row per time step, in ascending order':
    '시간 단계마다 한 행인 CSV, TSV, JSON lines, Parquet. 시간 순서여야 합니다',
  'train on a synthetic series instead of a file ({0})': '파일 대신 합성 시계열로 학습합니다({0})',
  'columns to forecast (default: all numeric columns)': '예측할 열 (기본값: 수로 된 모든 열)',
  'time column: rows must be in ascending order, and irregular steps are reported (default: a column called date, time, …)':
    '시간 열: 행이 시간 순서여야 하며, 간격이 고르지 않으면 알려 줍니다 (기본값: date, time, …이라는 열)',
  'series column of a long-format table with several series: unique_id, shop, sensor':
    '시계열이 여럿인 긴 표에서 시계열을 가리키는 열: unique_id, shop, sensor',
  'decimal separator of numbers like 1,234 (default: the one that fits every cell of the column)':
    '1,234 같은 수의 소수점 기호 (기본값: 열의 모든 칸에 맞는 쪽)',
  'future covariates, known in advance: hour, holidays, a tariff': '미리 알 수 있는 미래 변수: 시각, 공휴일, 요금',
  'features of the time column as future covariates, each as sine and cosine of its cycle: {0}':
    '시간 열에서 만드는 미래 변수, 저마다 주기의 사인과 코사인: {0}',
  'missing values: stop with an error, fill forward (filled values are no targets), or skip the windows that have them':
    '결측값: 오류로 멈추기, 앞의 값으로 채우기(채운 값은 목표가 되지 않습니다), 그런 창을 건너뛰기',
  'validation rows that continue the training rows (default: the last ones, see --val-frac)':
    '학습 행에 이어지는 검증 행 (기본값: 마지막 행들. --val-frac 참고)',
  'validation fraction, taken from the end': '검증에 쓸 비율, 끝에서부터',
  'input window length in steps': '입력 창의 길이, 단계 수',
  'forecast horizon in steps': '예측 구간의 길이, 단계 수',
  'season length of the seasonal naive baseline and of MASE (default: by the time column, 24 for hours, 7 for days; without one the season that is best on the training rows)':
    '계절성 단순 예측과 MASE에 쓸 계절의 길이 (기본값: 시간 열로 정하며 시간 단위는 24, 일 단위는 7. 시간 열이 없으면 학습 행에서 가장 잘 맞는 계절)',
  'hidden size of each layer': '층마다의 은닉 상태 크기',
  'dropout probability between layers and on the output': '층 사이와 출력의 드롭아웃 확률',
  'direct predicts all steps at once; recursive feeds each prediction back as input':
    'direct는 모든 단계를 한 번에 예측하고, recursive는 예측을 다시 입력으로 넣습니다',
  'quantiles to predict; none for a point forecast': '예측할 분위수. none은 점 예측',
  'factor on the distance of the quantiles from the middle one, 1 for as they are predicted (default: the one with which the interval holds as much as it says on the validation rows)':
    '가운데에서 분위수까지의 거리에 곱할 값. 1이면 예측한 그대로 (기본값: 검증 행에서 구간이 적힌 만큼을 담게 하는 값)',
  'loss of a point forecast (--quantiles none): mean squared or mean absolute error':
    '점 예측(--quantiles none)의 손실: 평균 제곱 오차나 평균 절대 오차',
  'skip connection to the output: none, the last value, or a linear function of the window (default: linear; last for --method recursive)':
    '출력으로 바로 가는 연결: 없음, 마지막 값, 창의 선형 함수 (기본값: linear, --method recursive에서는 last)',
  'reversible: instance normalization of each window, undone on the output (RevIN); none for series whose level means something':
    'reversible: 창마다 정규화하고 출력에서 되돌립니다(RevIN). 값의 높이에 뜻이 있는 시계열은 none',
  'channel independence: one shared network reads each column separately':
    '채널 독립: 함께 쓰는 신경망 하나가 열을 하나씩 따로 읽습니다',
  'then train once more on all rows, for as many steps as the best checkpoint had; the run is called as this one with -all behind':
    '그런 다음 모든 행으로, 가장 좋은 체크포인트만큼의 단계 동안 한 번 더 학습합니다. 실행의 이름 뒤에 -all이 붙습니다',
  'steps to forecast (default: the horizon of the run)': '예측할 단계 수 (기본값: 실행의 예측 구간)',
  'start this many rows before the end, and print the actual values next to the forecast':
    '끝에서 이만큼 앞선 행에서 시작해, 예측 옆에 실제 값을 출력합니다',
  'plot the forecast to an SVG file, or in the terminal (--plot terminal)':
    '예측을 SVG 파일에, 또는 터미널에(--plot terminal) 그립니다',
  'print only these columns': '이 열만 출력합니다',
  'forecast only these series': '이 시계열만 예측합니다',
  'output format': '출력 형식',
  'read only the rows for which this SQL condition is true': '이 SQL 조건을 만족하는 행만 읽습니다',
  'missing values: stop with an error or fill forward (default: as in training)':
    '결측값: 오류로 멈추거나 앞의 값으로 채웁니다 (기본값: 학습할 때와 같게)',
  'augmentation: flip images horizontally with probability 0.5': '데이터 증강: 0.5의 확률로 이미지를 좌우로 뒤집습니다',
  'augmentation: flip images vertically with probability 0.5, for images without an up, as from above':
    '데이터 증강: 0.5의 확률로 이미지를 위아래로 뒤집습니다. 위에서 찍은 것처럼 위아래가 없는 이미지에',
  'augmentation: rotate images by a random multiple of 90 degrees':
    '데이터 증강: 이미지를 90도의 배수만큼 무작위로 돌립니다',
  'augmentation: shift images by up to so many pixels in each direction':
    '데이터 증강: 이미지를 방향마다 이만큼의 픽셀까지 옮깁니다',
  'augmentation: random crops, smaller by up to this fraction': '데이터 증강: 이 비율까지 작게, 무작위로 자릅니다',
  'augmentation: color jitter of brightness, contrast and saturation by up to this fraction':
    '데이터 증강: 밝기, 대비, 채도를 이 비율까지 바꿉니다',
  'augmentation: random brightness by up to this fraction (default: that of --color)':
    '데이터 증강: 밝기를 이 비율까지 무작위로 바꿉니다 (기본값: --color의 값)',
  'symmetry: also train on every image mirrored left to right, with these pairs of words exchanged in its text or label, as left=right,east=west':
    '대칭: 모든 이미지를 좌우로 뒤집은 것으로도 학습하며, 글이나 레이블에서 이 단어 쌍을 맞바꿉니다, left=right,east=west처럼',
  'symmetry: also train on every image mirrored top to bottom, with these pairs of words exchanged, as above=below,top=bottom':
    '대칭: 모든 이미지를 위아래로 뒤집은 것으로도 학습하며, 이 단어 쌍을 맞바꿉니다, above=below,top=bottom처럼',
  Encoder: '인코더',
  'pretrained CNN as image encoder, without its classification head: ONNX, Keras or TensorFlow.js (default: a CNN that is trained from scratch)':
    '이미지 인코더로 쓸 미리 학습한 CNN, 분류 머리는 뺍니다: ONNX, Keras, TensorFlow.js (기본값: 처음부터 학습하는 CNN)',
  'layer of the pretrained CNN whose output is used (default: the last feature map)':
    '미리 학습한 CNN에서 출력을 쓸 층 (기본값: 마지막 특징 맵)',
  'how images are normalized for the pretrained CNN: as in torchvision (imagenet), CLIP, the three modes of Keras, values from 0 to 1 (unit) or bytes (default: imagenet for ONNX; bytes for a Keras model that rescales them itself)':
    '미리 학습한 CNN에 맞춘 이미지 정규화: torchvision처럼(imagenet), CLIP, Keras의 세 방식, 0에서 1까지의 값(unit), 바이트(bytes) (기본값: ONNX는 imagenet, 스스로 크기를 맞추는 Keras 모델은 bytes)',
  'mean of red, green and blue, pixel values being from 0 to 1, in place of that of --preprocess':
    '--preprocess의 값 대신 쓸 빨강, 초록, 파랑의 평균. 픽셀 값은 0에서 1까지',
  'standard deviation of red, green and blue, in place of that of --preprocess':
    '--preprocess의 값 대신 쓸 빨강, 초록, 파랑의 표준편차',
  'order of the color channels, in place of that of --preprocess': '--preprocess의 순서 대신 쓸 색 채널의 순서',
  'axis of the color channels in the input of the pretrained CNN (default: the axis of size 3)':
    '미리 학습한 CNN의 입력에서 색 채널의 축 (기본값: 크기가 3인 축)',
  'train the pretrained CNN too, at --cnn-rate; its batch normalization keeps its statistics (default: frozen, its features cached on disk)':
    '미리 학습한 CNN도 --cnn-rate로 학습합니다. 배치 정규화의 통계는 그대로 둡니다 (기본값: 동결, 특징은 디스크에 보관)',
  'learning rate of the pretrained CNN as a multiple of --lr': '미리 학습한 CNN의 학습률. --lr의 배수입니다',
  'folder with the images': '이미지가 있는 폴더',
  'height and width that images are resized to, in pixels': '이미지를 맞출 높이와 너비, 픽셀 단위',
  'channels of each convolutional stage; each stage halves height and width':
    '합성곱 단계별 채널 수. 단계마다 높이와 너비가 절반이 됩니다',
  'kernel size of the convolutional stages: 3, or 2 for receptive fields that do not overlap':
    '합성곱 커널의 크기: 3, 또는 수용 영역이 겹치지 않는 2',
  'separate shape and color pathways: channels of a second pathway for color, while the first one receives local contrast only (default: one pathway)':
    '모양과 색의 길을 나눕니다: 색을 맡는 둘째 길의 채널 수. 첫째 길은 국소 대비만 받습니다 (기본값: 길 하나)',
  'residual blocks as stages': '단계를 잔차 블록으로',
  'image features: all positions of the last feature map (map), or their mean (pooled)':
    '이미지 특징: 마지막 특징 맵의 모든 위치(map), 또는 그 평균(pooled)',
  'train on a long-term memory benchmark: adding, temporal order, copying, embedded Reber grammar, parity':
    '장기 기억 벤치마크로 학습합니다: 덧셈, 시간 순서, 베껴 쓰기, 내장 Reber 문법, 패리티',
  Problem: '문제',
  'sequence length of the problem (default: depends on the problem)': '문제의 시퀀스 길이 (기본값: 문제에 따라)',
  'for parity: a target after every bit instead of only after the last':
    'parity: 마지막에만이 아니라 비트마다 목표를 둡니다',
  'initial forget gate bias of an LSTM': 'LSTM 망각 게이트 편향의 초깃값',
  'chrono initialization of an LSTM, for dependencies of up to this many steps':
    '이만큼의 단계까지 이어지는 의존성을 위한, LSTM의 크로노 초기화',
  'warmup steps, in which the learning rate grows linearly to --lr':
    '워밍업 단계 수. 그동안 학습률이 --lr까지 선형으로 커집니다',
  'run folder (default: runs/ and the name of the data); an existing run in it is resumed':
    '실행 폴더 (기본값: runs/ 아래 데이터의 이름). 이미 있는 실행은 이어서 합니다',
  'JSON file with these options by name; flags override it': '이 옵션들을 이름으로 적은 JSON 파일. 플래그가 우선합니다',
  'batch size': '배치 크기',
  'number of training steps (default: chosen from the size of the data, printed before training starts)':
    '학습 단계 수 (기본값: 데이터의 크기로 정하고, 학습을 시작하기 전에 출력합니다)',
  'number of epochs, instead of --steps': '--steps 대신 쓸 에포크 수',
  'train for about this long on this machine, validations and samples included, instead of --steps':
    '--steps 대신, 검증과 샘플까지 넣어 이 컴퓨터에서 이만큼의 시간(분) 동안 학습합니다',
  'sgd, adagrad, rmsprop, adam or adamw': 'sgd, adagrad, rmsprop, adam, adamw 가운데 하나',
  'learning rate': '학습률',
  'momentum for sgd and rmsprop': 'sgd와 rmsprop의 모멘텀',
  'weight decay (L2)': '가중치 감쇠(L2)',
  'learning rate schedule: constant, step, exponential, cosine or plateau':
    '학습률 스케줄: constant, step, exponential, cosine, plateau',
  'warmup steps, in which the learning rate grows linearly to --lr (default: a twentieth of the steps)':
    '워밍업 단계 수. 그동안 학습률이 --lr까지 선형으로 커집니다 (기본값: 단계 수의 20분의 1)',
  'decay factor: step and plateau multiply the learning rate by it, exponential ends at this fraction of it':
    '감쇠율: step과 plateau는 학습률에 이 값을 곱하고, exponential은 이 비율에서 끝납니다',
  'for --schedule step: steps between decays': '--schedule step에서: 감쇠 사이의 단계 수',
  'maximum global gradient norm (gradient clipping); 0 for no clipping':
    '전체 기울기 노름의 최댓값(기울기 클리핑). 0은 클리핑 없음',
  'maximum absolute value of each gradient element; 0 for no clipping':
    '기울기 원소마다의 최대 절댓값. 0은 클리핑 없음',
  'parts of a batch whose gradients are added in a fixed order: several processes (mpirun, srun) compute some each, and any number of them gives the same run':
    '기울기를 정해진 순서로 더하는 배치의 조각 수: 여러 프로세스(mpirun, srun)가 나눠 계산하며, 프로세스가 몇이든 같은 실행이 됩니다',
  'exponential moving average of the weights with this decay, typically 0.999: validated and saved in place of the weights; 0 for none':
    '가중치의 지수 이동 평균, 이 감쇠율로, 보통 0.999: 가중치 대신 이것을 검증하고 저장합니다. 0은 없음',
  'steps between validations (default: five over the run)': '검증 사이의 단계 수 (기본값: 실행 전체에 다섯 번)',
  'early stopping: stop after this many validations without improvement; 0 for never (default: 5 where neither --steps, --epochs nor --minutes is given, else 0)':
    '조기 종료: 이만큼의 검증 동안 나아지지 않으면 멈춥니다. 0은 멈추지 않음 (기본값: --steps, --epochs, --minutes가 모두 없으면 5, 있으면 0)',
  'steps between printed samples (default: ten over the run)':
    '출력하는 샘플 사이의 단계 수 (기본값: 실행 전체에 열 번)',
  'seconds between checkpoints; 0 saves after every step': '체크포인트 사이의 초. 0은 단계마다 저장합니다',
  'newest checkpoints to keep besides the best one, for unrolled average':
    '가장 좋은 것 말고도 남길 최신 체크포인트 수, unrolled average를 위해',
  'skip the checks of the network at the start (about a second)': '처음에 하는 신경망 점검(1초쯤)을 건너뜁니다',
  'record gradients through time and gate activations every 100 steps; the trained weights are the same':
    '100단계마다 시간을 거슬러 가는 기울기와 게이트의 활성을 기록합니다. 학습된 가중치는 달라지지 않습니다',
  'softmax of training: full; for large vocabularies sampled, nce or adaptive, which are faster. Evaluation is always over the whole vocabulary':
    '학습의 소프트맥스: full, 큰 어휘에는 더 빠른 sampled, nce, adaptive. 평가는 늘 어휘 전체로 합니다',
  'for sampled and nce: tokens sampled at each training step (default: 1024)':
    'sampled와 nce에서: 학습 단계마다 뽑는 토큰 수 (기본값: 1024)',
  'for adaptive: where the clusters of tokens end, most frequent first: 2000,10000 (default: a tenth and two fifths of the vocabulary)':
    'adaptive에서: 자주 나오는 것부터 센 토큰 묶음의 끝: 2000,10000 (기본값: 어휘의 10분의 1과 5분의 2)',
  'dropout probability on the recurrent connections, with one mask for all time steps (variational dropout)':
    '순환 연결의 드롭아웃 확률. 모든 시간 단계에 마스크 하나를 씁니다(variational dropout)',
  'zoneout probability: each number of the state keeps its value at a time step; slower, since no kernel does it':
    '존아웃(zoneout) 확률: 상태의 수마다 한 시간 단계에서 값을 그대로 둘 확률. 전용 커널이 없어 더 느립니다',
  'train a classifier of number sequences': '숫자 시퀀스 분류기를 학습합니다',
  'train a tagger of number sequences': '숫자 시퀀스 태거를 학습합니다',
  Numbers: '숫자 시퀀스',
  'columns to read at each step (default: all columns of numbers); of an .npz file the array of the features':
    '단계마다 읽을 열 (기본값: 수로 된 모든 열). .npz 파일에서는 특징의 배열',
  'column that says which sequence a row belongs to, for tables with a step in a row (default: --group, or a file each)':
    '한 행이 한 단계인 표에서, 행이 어느 시퀀스에 속하는지 알려 주는 열 (기본값: --group, 없으면 파일마다 하나)',
  'column that the steps of a sequence are in order of (default: a column called time, date, step, …; else as they stand)':
    '시퀀스의 단계 순서를 알려 주는 열 (기본값: time, date, step, …이라는 열. 없으면 적힌 순서대로)',
  'missing values: fill with the value before, skip the sequences that have them, or stop with an error':
    '결측값: 앞의 값으로 채우기, 그런 시퀀스를 건너뛰기, 오류로 멈추기',
  'read the features as they are, not standardized by the mean and deviation of the training data':
    '특징을 학습 데이터의 평균과 표준편차로 표준화하지 않고 그대로 읽습니다',
  "also read each feature's difference from the step before: motion is visible at once":
    '특징마다 앞 단계와의 차이도 읽습니다: 움직임이 바로 드러납니다',
  'group split: rows with the same value in this column (author, patient) are never in both training and validation':
    '그룹 분할: 이 열의 값(저자, 환자)이 같은 행은 학습과 검증 가운데 한쪽에만 들어갑니다',
  'group split: clips with the same value in this column (person, source video) are never in both training and validation':
    '그룹 분할: 이 열의 값(사람, 원본 비디오)이 같은 클립은 학습과 검증 가운데 한쪽에만 들어갑니다',
  '{0}; of numbers with a step in a row, and without --series, the column that says which sequence a row belongs to':
    '{0}. 한 행이 한 단계인 수에서 --series가 없으면, 행이 어느 시퀀스에 속하는지 알려 주는 열',
  'character features: a vector of each word’s characters next to its embedding, by a cnn or an lstm; for unknown words and endings':
    '글자 특징: 단어의 글자를 cnn이나 lstm으로 읽은 벡터를 임베딩 옆에 둡니다. 모르는 단어와 어미에 도움이 됩니다',
  'embedding size of a character': '글자 임베딩 크기',
  'character features: filters of the cnn, or hidden size of each direction of the lstm (default: 30 of a cnn, 25 of an lstm)':
    '글자 특징: cnn의 필터 수, 또는 lstm의 방향마다 은닉 상태 크기 (기본값: cnn은 30, lstm은 25)',
  'train a tagger, with a label for every token (parts of speech, names) or every step of a number sequence':
    '토큰(품사, 이름)이나 숫자 시퀀스의 단계마다 레이블을 다는 태거를 학습합니다',
  'CSV, TSV, JSON lines or Parquet with tokens and tags; or CoNLL files; of numbers also .npy and .npz':
    '토큰과 태그가 있는 CSV, TSV, JSON lines, Parquet, 또는 CoNLL 파일. 수라면 .npy와 .npz도 됩니다',
  'column with the tokens, as lists or separated by spaces; for a CoNLL file its number (default: 1)':
    '토큰이 있는 열, 목록이거나 띄어쓰기로 구분. CoNLL 파일은 열 번호 (기본값: 1)',
  'column with one tag for each token; for a CoNLL file its number (default: the last)':
    '토큰마다 태그가 하나씩 있는 열. CoNLL 파일은 열 번호 (기본값: 마지막)',
  '{0}, so that the model is trained on unknown tokens too': '{0}. 모델이 모르는 토큰도 학습하게 합니다',
  'batch size in sequences': '배치 크기, 시퀀스 수',
  'class weights: the loss weights every tag equally, whatever its frequency':
    '클래스 가중치: 빈도와 상관없이 모든 태그가 손실에서 같은 무게를 갖습니다',
  'metric for the best checkpoint and --patience: accuracy, macroF1, exact or loss':
    '가장 좋은 체크포인트와 --patience의 기준: accuracy, macroF1, exact, loss',
  'train a language model over characters, words or byte pairs, and generate text':
    '글자, 단어, 바이트 쌍 언어 모델을 학습하고 글을 생성합니다',
  'text to train on, UTF-8 or UTF-16, also as .gz; - is standard input':
    '학습할 글, UTF-8이나 UTF-16, .gz도 됩니다. -는 표준 입력',
  'text to train on; several files, separated by commas, are concatenated':
    '학습할 글. 쉼표로 구분한 여러 파일은 이어 붙입니다',
  'train on a text that is already here: the declaration files of TypeScript where they are near, or made stories':
    '이미 있는 글로 학습합니다: 가까이 있으면 TypeScript의 선언 파일, 없으면 만들어 낸 이야기',
  'tokenization: character (grapheme cluster), codepoint (Unicode code point), word (with the ends of lines) or bpe (byte-pair encoding)':
    '토큰화: character(글자), codepoint(유니코드 코드 포인트), word(단어, 줄 끝 포함), bpe(바이트 쌍 인코딩)',
  'words with fewer occurrences in the training part are unknown; for bpe, pairs with fewer are not merged':
    '학습 부분에 이보다 적게 나오는 단어는 모르는 단어로 둡니다. bpe에서는 이보다 적게 나오는 쌍을 합치지 않습니다',
  'residual block around each recurrent layer, with normalization and a feed-forward network (default none: no block)':
    '순환층마다 정규화와 순방향 신경망이 있는 잔차 블록을 둡니다 (기본값 none: 블록 없음)',
  'kernel size of the causal convolution in each residual block, typically 4; 0 for none':
    '잔차 블록의 인과 합성곱 커널 크기, 보통 4. 0은 없음',
  'tie the output weights to the embedding': '출력 가중치를 임베딩과 공유합니다',
  'truncated BPTT window, in characters or tokens': '시간 방향으로 끊는 창의 길이(truncated BPTT), 글자나 토큰 수',
  'batch size in windows': '배치 크기, 창의 수',
  'loss reduction: mean over the characters, or the sum over the window as in the lecture':
    '손실을 모으는 방법: 글자마다의 평균(mean), 또는 강의처럼 창 전체의 합(sum)',
  'validation fraction, taken from the end of the text': '검증에 쓸 비율, 글의 끝에서부터',
  'train a sequence-to-sequence model: translation, pronunciation, date formats':
    '시퀀스-투-시퀀스 모델을 학습합니다: 번역, 발음, 날짜 형식',
  'CSV, TSV, JSON lines or Parquet with two columns; or two line-aligned texts':
    '열이 둘인 CSV, TSV, JSON lines, Parquet, 또는 줄이 서로 맞는 글 두 편',
  'train on synthetic pairs instead of a file ({0})': '파일 대신 합성 쌍으로 학습합니다({0})',
  'source column': '원문 열',
  'target column': '목표 열',
  'validation pairs, a table or two texts: dev.de,dev.en (default: a fraction of the training pairs, see --val-frac)':
    '검증할 쌍, 표나 글 두 편: dev.de,dev.en (기본값: 학습 쌍의 일부. --val-frac 참고)',
  'maximum length in tokens; pairs with a longer side are skipped':
    '최대 길이, 토큰 단위. 한쪽이라도 더 긴 쌍은 건너뜁니다',
  '{0} (default: word)': '{0} (기본값: word)',
  '--unit for the source only': '원문에만 쓸 --unit',
  '--unit for the target only': '목표에만 쓸 --unit',
  '--vocabulary for the source only': '원문에만 쓸 --vocabulary',
  '--vocabulary for the target only': '목표에만 쓸 --vocabulary',
  'share one vocabulary and one embedding between source and target': '원문과 목표가 어휘와 임베딩을 함께 씁니다',
  'decoder: {0}': '디코더: {0}',
  'hidden size of each encoder layer and direction, and of the decoder':
    '인코더의 층과 방향마다, 그리고 디코더의 은닉 상태 크기',
  'number of layers of the encoder and of the decoder': '인코더와 디코더의 층 수',
  'use a unidirectional encoder': '단방향 인코더를 씁니다',
  "hidden size of the decoder (default: --hidden; the encoder's output size for dot)":
    '디코더의 은닉 상태 크기 (기본값: --hidden, dot에서는 인코더 출력의 크기)',
  'for additive and concat: attention size (default: as the decoder)':
    'additive와 concat: 어텐션 크기 (기본값: 디코더와 같게)',
  'for dot, general and concat: no input feeding of the attention vector at the next step, which is faster':
    'dot, general, concat: 어텐션 벡터를 다음 단계의 입력에 넣지 않습니다. 더 빠릅니다',
  'reverse the source, which helps the plain decoder': '원문을 거꾸로 읽습니다. 어텐션 없는 디코더에 도움이 됩니다',
  'tie the output weights to the target embedding': '출력 가중치를 목표 임베딩과 공유합니다',
  'batch size in pairs': '배치 크기, 쌍의 수',
  'batch size in tokens, padding included, instead of --batch': '--batch 대신, 패딩까지 센 토큰 수로 정하는 배치 크기',
  'teacher forcing ratio: probability that the decoder reads the target token instead of its own sample (scheduled sampling)':
    '교사 강요 비율: 디코더가 자기가 뽑은 토큰 대신 정답 토큰을 읽을 확률(scheduled sampling)',
  'schedule of the teacher forcing ratio: constant, or from 1 down to --teacher-forcing: {0}':
    '교사 강요 비율의 스케줄: 일정하게, 또는 1에서 --teacher-forcing까지 줄이기: {0}',
  'pairs translated at every validation, for exactMatch and bleu':
    '검증할 때마다 번역할 쌍의 수, exactMatch와 bleu를 위해',
  'metric for the best checkpoint and --patience: loss, exactMatch or bleu':
    '가장 좋은 체크포인트와 --patience의 기준: loss, exactMatch, bleu',
  'train a video classifier, per clip or per frame': '비디오 분류기를 학습합니다, 클립 단위 또는 프레임 단위',
  'a folder with one subfolder of clips per label, or a table of clips and labels':
    '레이블마다 클립이 든 하위 폴더가 있는 폴더, 또는 클립과 레이블의 표',
  'train on synthetic clips of moving shapes instead of files; no single frame determines the class':
    '파일 대신, 움직이는 도형의 합성 클립으로 학습합니다. 프레임 하나만으로는 클래스를 알 수 없습니다',
  'predict a label for every frame instead of one for the clip': '클립에 하나가 아니라 프레임마다 레이블을 예측합니다',
  'frames sampled evenly from each clip (default: 20; all with --per-frame, 500 at most)':
    '클립에서 고르게 뽑는 프레임 수 (기본값: 20. --per-frame에서는 전부, 500까지)',
  'frames sampled per second, instead of --frames': '--frames 대신, 1초에 뽑는 프레임 수',
  'precomputed features of the frames instead of clips: .npy [clips, frames, D], or .safetensors with [frames, D] under the name of each clip':
    '클립 대신 미리 계산한 프레임 특징: .npy [클립, 프레임, D], 또는 클립의 이름마다 [프레임, D]가 있는 .safetensors',
  'precomputed features of the frames of the --validation clips': '--validation 클립의 미리 계산한 프레임 특징',
  'height and width that frames are resized to, in pixels (default: 48; what a pretrained CNN reads)':
    '프레임을 맞출 높이와 너비, 픽셀 단위 (기본값: 48, 미리 학습한 CNN이 있으면 그것이 읽는 크기)',
  'folder with the clips named in a table (default: the folder of the table)':
    '표에 적힌 클립이 있는 폴더 (기본값: 표가 있는 폴더)',
  'column with the clip file names': '클립 파일 이름이 있는 열',
  'column with a list of labels, one for each frame of the video': '비디오의 프레임마다 하나씩, 레이블 목록이 있는 열',
  'regular expression that extracts the group from the clip name: "_(g\\d+)_"':
    '클립 이름에서 그룹을 꺼내는 정규식: "_(g\\d+)_"',
  'validation clips: sampled at random, or the last ones (position; an error where the data is sorted by class)':
    '검증 클립: 무작위로 뽑기, 또는 마지막 클립들(position. 데이터가 클래스 순서면 오류)',
  'do not add the difference to the previous frame as input channels':
    '앞 프레임과의 차이를 입력 채널로 더하지 않습니다',
  'image features: all positions of the last feature map (map), or their mean (pooled) (default: map; pooled for a pretrained CNN)':
    '이미지 특징: 마지막 특징 맵의 모든 위치(map), 또는 그 평균(pooled) (기본값: map, 미리 학습한 CNN은 pooled)',
  'batch size in clips': '배치 크기, 클립 수',
  'train a visual question answering model': '시각 질의응답 모델을 학습합니다',
  'CSV, TSV, JSON lines or Parquet with the columns image, question and answer':
    'image, question, answer 열이 있는 CSV, TSV, JSON lines, Parquet',
  'train on synthetic scenes of shapes and questions about them, instead of a file':
    '파일 대신, 도형이 있는 합성 장면과 그에 관한 질문으로 학습합니다',
  'height and width that images are resized to, in pixels (default: 64; what a pretrained CNN reads)':
    '이미지를 맞출 높이와 너비, 픽셀 단위 (기본값: 64, 미리 학습한 CNN이 있으면 그것이 읽는 크기)',
  'column with the questions': '질문이 있는 열',
  'column with the answers': '답이 있는 열',
  'column with the question type, by which results are reported (default: the first words of the question)':
    '질문의 종류가 있는 열. 종류별로 결과를 보여 줍니다 (기본값: 질문의 첫 단어들)',
  'number of answer classes, the most frequent answers; questions with other answers are not trained on':
    '답 클래스 수, 가장 많이 나오는 답부터. 다른 답을 가진 질문은 학습하지 않습니다',
  'maximum question length in tokens; longer questions are truncated':
    '질문의 최대 길이, 토큰 단위. 더 긴 질문은 잘라 냅니다',
  'do not lowercase the text': '글을 소문자로 바꾸지 않습니다',
  'how image and question are combined: product (Antol et al.), recurrent (the image is an input of the RNN), map (each word shifts and gates maps over the image regions), or question-only (baseline without the image)':
    '이미지와 질문을 합치는 방법: product(Antol 등), recurrent(이미지를 RNN의 입력으로), map(단어마다 이미지 영역의 지도를 옮기고 여닫습니다), question-only(이미지 없는 기준선)',
  'for form product: size of the space in which image and question are multiplied (default: --hidden)':
    'product: 이미지와 질문을 곱하는 공간의 크기 (기본값: --hidden)',
  'for form map: number of maps': 'map: 지도의 수',
  'for form map: read the question from its last word or from its first':
    'map: 질문을 마지막 단어부터 읽을지 첫 단어부터 읽을지',
  'image features: the mean over all positions of the last feature map (pooled), or all of them, which tell where things are (map) (default: pooled; map for --form map)':
    '이미지 특징: 마지막 특징 맵의 모든 위치의 평균(pooled), 또는 무엇이 어디 있는지 알려 주는 모든 위치(map) (기본값: pooled, --form map에서는 map)',
  'batch size in images, each with all its questions': '배치 크기, 이미지 수. 이미지마다 모든 질문이 함께 들어갑니다',
};
