// Errors and notices about the data of a task.

import type { Catalogue } from '../translator.ts';

export const errorsTasks: Catalogue = {
  'holds no images to train on': '학습할 이미지가 없습니다',
  'this run learned from features of images; name those of the images of {0}':
    '이 실행은 이미지의 특징으로 학습했습니다. {0}에 있는 이미지의 특징을 알려 주세요',
  'this run learned from pixels; it reads images': '이 실행은 픽셀로 학습했으므로 이미지를 읽습니다',
  'the images of --validation need features too': '--validation 이미지에도 특징이 있어야 합니다',
  'expected at most --beams {0}, got {1}': '--beams {0} 이하여야 하는데 {1}입니다',
  'name one image or more, a folder of them, or --file with a list of them':
    '이미지 하나 이상, 이미지 폴더, 또는 이미지 목록 파일(--file)을 알려 주세요',
  'leads out of {0}': '{0} 밖으로 나갑니다',
  'learned from features of another network and reads no images; name the features of the images with --features':
    '다른 신경망의 특징으로 학습해 이미지를 읽지 않습니다. --features로 이미지의 특징을 알려 주세요',
  'is for runs that read images: of features there is nothing to draw':
    '이미지를 읽는 실행에만 쓸 수 있습니다. 특징에는 그릴 것이 없습니다',
  'no row has a label; there is nothing to learn': '레이블이 있는 행이 없어 배울 것이 없습니다',
  'every row is labeled {0}; there is nothing to tell apart': '모든 행의 레이블이 {0}입니다. 구분할 것이 없습니다',
  '{0} different labels in {1} rows: is that the column? Name it with --label':
    '{1}행에 서로 다른 레이블이 {0}개입니다. 이 열이 맞나요? --label로 알려 주세요',
  'expected whole numbers from 1 to 1000 as 1,5, got {0}': '1,5처럼 1에서 1000까지의 정수여야 하는데 {0}입니다',
  'holds no rows': '행이 없습니다',
  'name {0}: {1} train {2} my.csv (or --demo {3} for synthetic examples)':
    '{0:을/를} 알려 주세요: {1} train {2} my.csv (합성 예제는 --demo {3})',
  '{0} examples in {1} groups cannot be split; name a file with --validation, or none with --val-frac 0':
    '예제 {0}개, 그룹 {1}개는 나눌 수 없습니다. --validation으로 파일을 주거나, --val-frac 0으로 검증을 빼세요',
  '{0} examples are too few to keep {1} of them for validation; say --val-frac 0 for none':
    '예제가 {0}개뿐이라 {1}개를 검증에 둘 수 없습니다. 검증하지 않으려면 --val-frac 0을 주세요',
  'say a text, --file file, or - for lines from standard input':
    '글이나 --file 파일을 주거나, 표준 입력에서 읽으려면 -를 주세요',
  'standard input': '표준 입력',
  'holds no texts': '글이 없습니다',
  'is for tables; {0} is read line by line': '표에만 쓸 수 있습니다. {0:은/는} 한 줄씩 읽습니다',
  'which column has the texts? There are {0}, and the run looks for one that is called {1}; rename it, or name a file with this column alone':
    '글은 어느 열에 있나요? 열은 {0}이고, 실행이 찾는 열의 이름은 {1}입니다. 이름을 바꾸거나, 그 열만 있는 파일을 주세요',
  'the vectors of {0} have {1} numbers, got {2}; leave it out': '{0}의 벡터는 수가 {1}개인데 {2}입니다. 빼세요',
  'has a vector of no word of the training data; is it of another language, or is --unit not word?':
    '학습 데이터의 단어에 맞는 벡터가 없습니다. 다른 언어이거나 --unit이 word가 아닌가요?',
  'series {0}': '시계열 {0}',
  '{0} rows are read before the first step, and there are {1}': '첫 단계 앞에서 {0}행을 읽는데 {1}행뿐입니다',
  '{0}: known in advance for {1} rows, and {2} are needed; add {3} rows with these columns, and leave the others empty':
    '{0}: 미리 아는 값이 {1}행뿐인데 {2}행이 있어야 합니다. 이 열들이 있는 {3}행을 더하고 나머지는 비워 두세요',
  '{0}: known in advance, and lacks a number in row {1}': '{0}: 미리 알아야 하는데 {1}행에 수가 없습니다',
  'lies in the rows that are read, and lacks a number{0}; --missing fill takes the values before it':
    '읽을 행에 있는데 수가 없습니다{0}. --missing fill이면 앞의 값을 씁니다',
  '{0}: {1}; go on with --missing fill (from the values before) or --missing skip (without the windows that have one)':
    '{0}: {1}. --missing fill(앞의 값으로 채우기)이나 --missing skip(그런 창 빼기)으로 계속할 수 있습니다',
  'has {0} rows, and a window of this run has {1} + {2}': '{0}행인데, 이 실행의 창은 {1} + {2}행입니다',
  'has no window to look at': '살펴볼 창이 없습니다',
  'no series has a window of {0} + {1} rows to learn from': '{0} + {1}행짜리 학습할 창이 있는 시계열이 없습니다',
  'no window of the {0} rows for validation is without a gap; choose a larger --val-frac, --missing fill, or --val-frac 0 for none':
    '검증할 {0}행에 끊기지 않은 창이 없습니다. --val-frac을 키우거나, --missing fill, 또는 검증하지 않는 --val-frac 0을 쓰세요',
  'has {0} rows {1}to learn from, and a window has {2} + {3}; choose a shorter --length or --horizon':
    '{1}학습할 행이 {0}개인데 창은 {2} + {3}행입니다. --length나 --horizon을 줄이세요',
  'keeps {0} rows {1}for validation, fewer than the {2} of --horizon; choose a larger --val-frac, or 0 for none':
    '{1}검증에 남는 행이 {0}개로 --horizon {2}보다 적습니다. --val-frac을 키우거나, 검증하지 않으려면 0을 주세요',
  'holds no row with {0}': '{0:이/가} 있는 행이 없습니다',
  'is for runs of several series (train forecast --series), and this one has one':
    '시계열이 여럿인 실행(train forecast --series)에 쓰는 것인데, 이 실행은 하나뿐입니다',
  'there is no series {0}; there are {1}': '시계열 {0:은/는} 없습니다. 있는 것은 {1}입니다',
  'no series can be forecast: {0}': '예측할 수 있는 시계열이 없습니다: {0}',
  'a forecast is of one table; name one file': '예측은 표 하나로 합니다. 파일 하나만 주세요',
  'this run does not forecast {0}; it forecasts {1}': '이 실행은 {0:을/를} 예측하지 않습니다. 예측하는 것은 {1}입니다',
  'expected rising numbers between 0 and 1 with commas between them, as 0.1,0.5,0.9, or none; got {0}':
    '0.1,0.5,0.9처럼 쉼표로 구분한 0과 1 사이의 커지는 수들이나 none이어야 하는데 {0}입니다',
  'column {0} is to be forecast, and known in advance; name it once':
    '{0} 열을 예측하면서 미리 안다고 했습니다. 한쪽에만 적으세요',
  'there is no feature {0}; there are {1}': '특징 {0:은/는} 없습니다. 있는 것은 {1}입니다',
  'needs a column of dates{0}': '날짜 열이 있어야 합니다{0}',
  '; {0} has numbers': '. {0:은/는} 수입니다',
  '; name it with --time': '. --time으로 알려 주세요',
  'column {0} holds no number; its first cell is {1}': '{0} 열에 수가 없습니다. 첫 칸은 {1}입니다',
  'no column holds numbers; there are {0}; name them with --columns':
    '수로 된 열이 없습니다. 열은 {0}입니다. --columns로 알려 주세요',
  '{0}, column {1}': '{0}, {1} 열',
  'is empty; each row has to say which series it is of': '비어 있습니다. 행마다 어느 시계열인지 적혀 있어야 합니다',
  'holds {0} series, one for each {1} ({2}); learn them as such with --series {3}, or one of them with --where':
    '{1}마다 하나씩 시계열이 {0}개 있습니다({2}). --series {3:으로/로} 함께 학습하거나, --where로 하나만 고르세요',
  'in {0}, which is the day and which the month? No row says it; write 2024-03-01':
    '{0}에서 어느 것이 일이고 어느 것이 월인가요? 알려 주는 행이 없습니다. 2024-03-01처럼 쓰세요',
  '{0} lies before the row above it ({1}); sort the rows by time, the oldest first':
    '{0:이/가} 위의 행({1})보다 앞섭니다. 오래된 것부터 시간 순서로 정렬하세요',
  '{0} is no time that can be read; write 2024-03-01, 2024-03-01 17:30 or a number, and leave out rows that are sums or remarks':
    '{0:은/는} 읽을 수 없는 시간입니다. 2024-03-01, 2024-03-01 17:30, 또는 수로 쓰고, 합계나 설명 행은 빼세요',
  'a pretrained CNN stays frozen; say --fine-tune too': '미리 학습한 CNN은 동결되어 있습니다. --fine-tune도 주세요',
  'gives a feature that is not finite': '유한하지 않은 특징이 나옵니다',
  'holds no images (JPEG, PNG, WebP, GIF, TIFF or AVIF)': '이미지(JPEG, PNG, WebP, GIF, TIFF, AVIF)가 없습니다',
  'expected whole numbers as in 16,32,64, got {0}': '16,32,64처럼 정수여야 하는데 {0}입니다',
  'a Keras file does not say how its images were normalized; say keras-tf (MobileNet, Inception, Xception), keras-caffe (VGG, ResNet), keras-torch (DenseNet), unit or bytes':
    'Keras 파일에는 이미지를 어떻게 정규화했는지 적혀 있지 않습니다. keras-tf(MobileNet, Inception, Xception), keras-caffe(VGG, ResNet), keras-torch(DenseNet), unit, bytes 가운데 하나를 주세요',
  'expected three numbers, as 0.485,0.456,0.406, got {0}': '0.485,0.456,0.406처럼 수 셋이어야 하는데 {0}입니다',
  'name one of {0}': '{0} 가운데 하나를 고르세요',
  'one problem at a time': '문제는 한 번에 하나입니다',
  'belongs to parity; {0} has its questions where they are':
    'parity의 것입니다. {0:은/는} 물어보는 자리가 정해져 있습니다',
  'the strings of a grammar are as long as it makes them': '문법의 문자열은 길이를 문법이 정합니다',
  'every label is {0}; there is nothing to tell apart': '모든 레이블이 {0}이라 구분할 것이 없습니다',
  '{0} different labels in {1} sequences: is that the column? Name it with --label':
    '시퀀스 {1}개에 서로 다른 레이블이 {0}개입니다. 이 열이 맞나요? --label로 알려 주세요',
  'holds no sequences': '시퀀스가 없습니다',
  'has no labels next to it; name the array with them: --label y.npy':
    '옆에 레이블이 없습니다. 레이블의 배열을 알려 주세요: --label y.npy',
  'has labels [{0}], expected [{1}]{2}': '레이블의 모양이 [{1}]이어야 하는데 [{0}]입니다{2}',
  'has {0} [{1}], expected [{2}]': '{0:이/가} [{2}]이어야 하는데 [{1}]입니다',
  'which column has the labels? There are {0}; name it: --tags {1}':
    '레이블은 어느 열인가요? 열은 {0}입니다. --tags {1:으로/로} 알려 주세요',
  'which column has the labels? There are {0}; name it: --label {1}':
    '레이블은 어느 열인가요? 열은 {0}입니다. --label {1:으로/로} 알려 주세요',
  '{0} in the column {1} of {2} is no number and no date; name another with --time':
    '{2}의 {1} 열에 있는 {0:은/는} 수도 날짜도 아닙니다. --time으로 다른 열을 주세요',
  '{0} is labeled {1} and {2}; a sequence has one label (a label for every step is learned by train tag), and --series names the column that says which rows are a sequence':
    '{0}의 레이블이 {1:과/와} {2} 둘입니다. 시퀀스의 레이블은 하나입니다(단계마다 레이블이 있으면 train tag로 학습합니다). 어느 행이 한 시퀀스인지는 --series로 알려 주세요',
  'no column holds numbers; there are {0}; name them with --features':
    '수로 된 열이 없습니다. 열은 {0}입니다. --features로 알려 주세요',
  'has {0} features, and the model reads {1}: {2}': '특징이 {0}개인데 모델은 {1}개를 읽습니다: {2}',
  'means nothing to a run of labels for each step: each step has its label':
    '단계마다 레이블이 있는 실행에서는 뜻이 없습니다. 단계마다 레이블이 하나입니다',
  'name files with number sequences: CSV, JSON lines, Parquet, .npy or .npz':
    '숫자 시퀀스 파일을 주세요: CSV, JSON lines, Parquet, .npy, .npz',
  'are arrays and tables; name files of one kind': '배열과 표가 섞여 있습니다. 한 종류의 파일만 주세요',
  'holds no tables and no arrays': '표도 배열도 없습니다',
  'is no table and no array; expected .csv, .parquet, .jsonl, .npy and their like':
    '표도 배열도 아닙니다. .csv, .parquet, .jsonl, .npy 같은 파일이어야 합니다',
  'has the features {0}, and {1} has {2}; name those to read with --features':
    '특징이 {0}인데 {1}에는 {2:이/가} 있습니다. 읽을 것을 --features로 알려 주세요',
  '{0} has no value at {1}; --missing fill puts the value before it there, --missing skip leaves such sequences out':
    '{0}의 {1}에 값이 없습니다. --missing fill이면 앞의 값을 넣고, --missing skip이면 그런 시퀀스를 뺍니다',
  'every token is one character already; leave it out': '토큰이 모두 글자 하나입니다. 빼세요',
  'every tag is {0}; there is nothing to tell apart': '모든 태그가 {0}이라 구분할 것이 없습니다',
  'there are {0} tags that occur more than once; there is nothing to tell apart':
    '두 번 이상 나오는 태그가 {0}개라 구분할 것이 없습니다',
  'is empty: there is nothing to learn from': '비어 있어 배울 것이 없습니다',
  'expected at least 2 symbols that the model knows, got {0}': '모델이 아는 기호가 2개 이상이어야 하는데 {0}개입니다',
  'expected at least 2 symbols, got {0}': '기호가 2개 이상이어야 하는데 {0}개입니다',
  'is what this run was trained on, and that is gone; name the text to measure on with --text':
    '이 실행을 학습한 글인데 지금은 없습니다. 측정할 글을 --text로 주세요',
  'name a text: {0} train text my.txt (or --demo for one that is already here)':
    '글을 주세요: {0} train text my.txt (이미 있는 글로 하려면 --demo)',
  'is for tables; {0} are read line by line': '표에만 쓸 수 있습니다. {0:은/는} 한 줄씩 읽습니다',
  'has {0} lines, and row {1} has no reference in it; line n is of row n':
    '{0}줄이라 {1}행의 참조가 없습니다. n번째 줄이 n행의 참조입니다',
  '{0} never reaches 0; say 0.01, or linear': '{0:은/는} 0에 이르지 못합니다. 0.01을 주거나 linear를 쓰세요',
  'expected at most --max-tokens {0}, got {1}': '--max-tokens {0} 이하여야 하는데 {1}입니다',
  '{0} has no labels of its frames; --per-frame needs a column of them, frame_labels':
    '{0}에 프레임 레이블이 없습니다. --per-frame에는 프레임 레이블의 열 frame_labels가 있어야 합니다',
  '{0} has labels of its frames only; say --per-frame': '{0}에 프레임 레이블만 있습니다. --per-frame을 주세요',
  'has {0} frame labels for features of {1} frames; expected one for each':
    '프레임 {1}개의 특징에 프레임 레이블이 {0}개입니다. 하나씩 있어야 합니다',
  'holds no clips to learn from': '학습할 클립이 없습니다',
  'this run learned from features of frames; name those of the clips of {0}':
    '이 실행은 프레임의 특징으로 학습했습니다. {0}에 있는 클립의 특징을 알려 주세요',
  'this run learned from frames; it reads clips': '이 실행은 프레임으로 학습했으므로 클립을 읽습니다',
  'the clips of --validation need features too': '--validation 클립에도 특징이 있어야 합니다',
  'name a video, an animation, a folder of frames, or a folder of these':
    '비디오, 움직이는 이미지, 프레임 폴더, 또는 이런 것들의 폴더를 주세요',
  'means nothing to a run by frame: each frame has its label':
    '프레임 단위 실행에서는 뜻이 없습니다. 프레임마다 레이블이 하나입니다',
  'means nothing to a run by clip: timelines are of a run --per-frame':
    '클립 단위 실행에서는 뜻이 없습니다. 시간표는 --per-frame 실행의 것입니다',
  'expected a file that ends in .svg, got {0}': '.svg로 끝나는 파일이어야 하는데 {0}입니다',
  'holds no questions to learn from': '학습할 질문이 없습니다',
  'a model of form map has an attention map for each word; this run is of form {0}':
    '형식이 map인 모델에만 단어마다 어텐션 지도가 있습니다. 이 실행의 형식은 {0}입니다',
  'name an image, or a folder of images, and ask a question: photo.jpg "what is it?" (or --file questions.csv)':
    '이미지나 이미지 폴더를 주고 질문하세요: photo.jpg "what is it?" (또는 --file questions.csv)',
  'a file with captions': '캡션 파일',
  'METEOR (exact)': 'METEOR(정확히 일치)',
  'word for word': '단어까지 일치',
  'nats per word': 'nat(단어당)',
  'a file with texts and labels': '글과 레이블이 있는 파일',
  'with a label that training does not have': '학습에 없는 레이블',
  'without a text': '글 없음',
  'without a label': '레이블 없음',
  '{0} windows of {1} need a text of {2} symbols, and the training part has {3}{4}':
    '{1}글자짜리 창 {0}개에는 기호 {2}개가 필요한데, 글의 학습 부분에는 {3}개뿐입니다{4}',
  '; give it more text': '. 글을 더 주세요',
  '; --batch {0} --seq-length {1} would fit': '. --batch {0} --seq-length {1:이면/면} 됩니다',
  'with a label that is seen once, {0}': '한 번만 나오는 레이블 {0}',
  'are --text and --label the right columns, and --unit what tells the texts apart?':
    '--text와 --label이 맞는 열인지, --unit이 글을 구분해 주는 단위인지 확인하세요',
  'are empty': '비어 있습니다',
  'have tokens that the model does not know': '모델이 모르는 토큰을 갖고 있습니다',
  'are longer than any in the training data': '학습 데이터의 어느 글보다 깁니다',
  'have no answer': '답이 없습니다',
  'were truncated': '잘렸습니다',
  'business day': '영업일',
  'business days': '영업일',
  'a quarter': '분기',
  'a table with numbers': '수가 있는 표',
  'row {0}': '행 {0}',
  'MASE {0}': 'MASE {0}',
  'the last {0} of the validation rows': '검증 행의 마지막 {0}개',
  'the last {0} without a gap of the validation rows': '검증 행에서 끊기지 않은 마지막 {0}개',
  'the last {0} of the training rows': '학습 행의 마지막 {0}개',
  'the last {0} without a gap of the training rows': '학습 행에서 끊기지 않은 마지막 {0}개',
  'a linear function of the window': '창의 선형 함수',
  'in the longest series ': '가장 긴 시계열에서 ',
  'the last value again': '마지막 값 반복',
  'as {0} steps before': '{0}단계 전과 같게',
  '{0} ({1} rows)': '{0} ({1}행)',
  ' of 2×2': ' 2×2',
  ', colors {0}': ', 색 {0}',
  'a file with number sequences': '숫자 시퀀스 파일',
  'holds texts, expected numbers [sequences, steps, features]': '글이 있습니다. 수 [시퀀스, 단계, 특징]이어야 합니다',
  'has an array [{0}], expected [sequences, steps, features] or [sequences, steps]':
    '배열이 [{0}]입니다. [시퀀스, 단계, 특징]이나 [시퀀스, 단계]여야 합니다',
  'has an array [{0}] without numbers': '수가 없는 배열 [{0}]이 있습니다',
  'has {0} features, and the model reads {1}': '특징이 {0}개인데 모델은 {1}개를 읽습니다',
  'says that sequence {0} has {1} steps, and there is room for {2}':
    '시퀀스 {0:이/가} {1}단계라는데 자리는 {2}단계입니다',
  '; a label for every step is learned by train tag': '. 단계마다 있는 레이블은 train tag로 학습합니다',
  '; of one-hot rows save the classes: y.argmax(1)': '. 원-핫 행이면 클래스로 저장하세요: y.argmax(1)',
  '; a label for each sequence is learned by train classify': '. 시퀀스마다 있는 레이블은 train classify로 학습합니다',
  'with steps of another number of features than {0}': '특징 수가 {0:과/와} 다른 단계',
  'with a list that cannot be read': '읽을 수 없는 목록',
  'without a step': '단계 없음',
  'with features of different lengths': '길이가 서로 다른 특징',
  'with steps and labels of different lengths': '단계와 레이블의 길이가 다름',
  'step {0}, {1}': '{0}단계, {1}',
  'without a number': '수 없음',
  'with missing values': '결측값 있음',
  'a table with tokens and tags, or a CoNLL file': '토큰과 태그가 있는 표, 또는 CoNLL 파일',
  'without tokens': '토큰 없음',
  'without tags': '태그 없음',
  'with tokens and tags of different lengths': '토큰과 태그의 길이가 다름',
  'without a tag that is known': '아는 태그 없음',
  'the sequences': '시퀀스',
  'are --tokens and --tags the right columns?': '--tokens와 --tags가 맞는 열인지 확인하세요',
  'the validation part': '검증 부분',
  'a table, or two texts line by line': '표, 또는 줄이 서로 맞는 글 두 편',
  'without a source': '원문 없음',
  'without a target': '목표 없음',
  'the sources': '원문',
  'the targets': '목표',
  'validation pairs': '검증 쌍',
  'the validation sources': '검증 원문',
  'the validation targets': '검증 목표',
  'no pair has {0} tokens or fewer on both sides': '양쪽 모두 토큰 {0}개 이하인 쌍이 없습니다',
  'the longest pair has {0} tokens; allow so many, or lower --max-length':
    '가장 긴 쌍은 토큰 {0}개입니다. 그만큼 허용하거나 --max-length를 줄이세요',
  'one vocabulary has one kind of token, not {0}s and {1}s':
    '어휘 하나에는 한 종류의 토큰만 있어야 하는데 {0:과/와} {1}입니다',
  '{0} is measured on translations: keep pairs for validation, and --translate above 0':
    '{0:은/는} 번역에서 잽니다. 검증할 쌍을 남기고 --translate를 0보다 크게 하세요',
  'no validation target has four words, and BLEU counts runs of four; use exactMatch':
    '검증 목표에 네 단어짜리가 없는데 BLEU는 네 단어의 열을 셉니다. exactMatch를 쓰세요',
  "this model's decoder ({0}) attends to nothing; train one with additive, dot, general or concat":
    '이 모델의 디코더({0})는 어텐션이 없습니다. additive, dot, general, concat 가운데 하나로 학습하세요',
  'expected terminal, or a file that ends in .svg or .png, got {0}':
    'terminal, 또는 .svg나 .png로 끝나는 파일이어야 하는데 {0}입니다',
  'a folder with a folder of clips for each label': '레이블마다 클립 폴더가 있는 폴더',
  'drawn clips of moving shapes': '움직이는 도형을 그린 클립',
  'train for longer, or with more --frames or a larger --size':
    '더 오래 학습하거나, --frames를 늘리거나 --size를 키우세요',
  'these clips': '이 클립들',
  'cannot be used': '쓸 수 없습니다',
  'a file with images, questions and answers': '이미지, 질문, 답이 있는 파일',
  'scene {0}': '장면 {0}',
  'drawn scenes of two shapes, and questions about them': '도형 둘을 그린 장면과 그에 관한 질문',
  'each question’s most frequent answer (question-only)': '질문마다 가장 많은 답(질문만 보기)',
  'train for longer, or compare --summary map and --form map for questions of where things are':
    '더 오래 학습하거나, 무엇이 어디 있는지 묻는 질문이면 --summary map과 --form map을 비교해 보세요',
};
