//! Names as people have them, by culture, and how they are written in an address.

/// Where people's names come from.
pub(super) struct Culture {
    /// So many of a hundred people.
    pub share: u32,
    /// The language of their mails.
    pub locale: &'static str,
    /// Whether the family name comes first in the full name.
    pub family_first: bool,
    /// First names: as written and, behind a slash where that differs, in ASCII.
    pub first: &'static str,
    /// Family names, likewise.
    pub family: &'static str,
}

/// A name as written, and in ASCII.
#[derive(Clone, Copy)]
pub(super) struct Spelt {
    pub shown: &'static str,
    pub ascii: &'static str,
}

impl Culture {
    /// The culture of somebody drawn at random.
    pub fn draw(random: &mut fastrand::Rng) -> &'static Self {
        let mut left = random.u32(0..100);
        let mut all = CULTURES.iter();
        loop {
            match all.next() {
                Some(culture) if left < culture.share => return culture,
                Some(culture) => left -= culture.share,
                None => return &CULTURES[0],
            }
        }
    }

    /// One of the names in a list, the earlier ones more often.
    pub fn name(list: &'static str, random: &mut fastrand::Rng) -> Spelt {
        let number = list.split_whitespace().count();
        let at = random.usize(0..number).min(random.usize(0..number));
        let text = list.split_whitespace().nth(at).unwrap_or("Maria");
        match text.split_once('/') {
            Some((shown, ascii)) => Spelt { shown, ascii },
            None => Spelt { shown: text, ascii: text },
        }
    }
}

/// The cultures; the shares come to 100.
const CULTURES: [Culture; 11] = [
    Culture {
        share: 24,
        locale: "en",
        family_first: false,
        first: "Mary James Olivia Liam Emma Noah Amelia Oliver Ava Elijah Sophia Mateo Mason Margaret Martin \
            Charlotte Lucas Harper Levi Evelyn Ezra Abigail Asher Ella Leo Grace Hudson Chloe Jack Zoë/zoe \
            Siobhán/siobhan Seán/sean Niamh Rhys Eilidh Callum",
        family: "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Jackson \
            Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott O'Brien/obrien \
            O'Neill/oneill MacDonald Campbell Fitzgerald Mason Marshall",
    },
    Culture {
        share: 14,
        locale: "es",
        family_first: false,
        first: "María/maria Manuel Antonio Carmen José/jose Ana Francisco Isabel David Lucía/lucia Javier Marta \
            Daniel Sofía/sofia Carlos Paula Miguel Elena Alejandro Sara Pablo Raúl/raul Andrés/andres Inés/ines \
            Álvaro/alvaro Rocío/rocio",
        family: "García/garcia Martínez/martinez Rodríguez/rodriguez Fernández/fernandez López/lopez González/gonzalez \
            Sánchez/sanchez Pérez/perez Gómez/gomez Martín/martin Jiménez/jimenez Ruiz Hernández/hernandez Díaz/diaz \
            Moreno Muñoz/munoz Álvarez/alvarez Romero Alonso Gutiérrez/gutierrez Núñez/nunez",
    },
    Culture {
        share: 8,
        locale: "de",
        family_first: false,
        first: "Marie Maximilian Sophie Paul Emilia Felix Mia Jonas Hannah Leon Lena Lukas Anna Ben Clara Elias \
            Johanna Moritz Greta Anton Jürgen/juergen Björn/bjoern Käthe/kaethe Jörg/joerg Günter/guenter",
        family: "Müller/mueller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer/schaefer \
            Koch Bauer Richter Klein Wolf Schröder/schroeder Neumann Schwarz Zimmermann Braun Krüger/krueger Groß/gross \
            Lange Weiß/weiss",
    },
    Culture {
        share: 8,
        locale: "fr",
        family_first: false,
        first: "Marie Mathieu Camille Louis Manon Gabriel Léa/lea Raphaël/raphael Chloé/chloe Arthur Inès/ines Jules \
            Jade Hugo Louise Adam Alice Maël/mael Zoé/zoe Théo/theo Élodie/elodie François/francois Hélène/helene \
            Jérôme/jerome Anaïs/anais",
        family: "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy \
            Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Lefèvre/lefevre \
            Béranger/beranger",
    },
    Culture {
        share: 9,
        locale: "pt",
        family_first: false,
        first: "Maria Marcos Ana João/joao Antônia/antonia Pedro Francisca Lucas Adriana Gabriel Juliana Matheus \
            Márcia/marcia Rafael Fernanda Gustavo Patrícia/patricia Felipe Aline Bruno Letícia/leticia Thiago \
            Conceição/conceicao Sebastião/sebastiao",
        family: "Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Ribeiro Martins Carvalho \
            Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Araújo/araujo Conceição/conceicao \
            Magalhães/magalhaes",
    },
    Culture {
        share: 5,
        locale: "it",
        family_first: false,
        first: "Maria Marco Giulia Francesco Chiara Alessandro Martina Lorenzo Sara Mattia Francesca Andrea Giorgia \
            Leonardo Elisa Davide Alice Matteo Aurora Gabriele Niccolò/niccolo",
        family: "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Deluca \
            Mancini Costa Giordano Rizzo Lombardi Moretti D'Angelo/dangelo",
    },
    Culture {
        share: 5,
        locale: "pl",
        family_first: false,
        first: "Maria Marek Anna Piotr Katarzyna Krzysztof Małgorzata/malgorzata Andrzej Agnieszka Tomasz Barbara Jan \
            Ewa Paweł/pawel Zofia Michał/michal Łukasz/lukasz Bożena/bozena Jędrzej/jedrzej Żaneta/zaneta",
        family: "Nowak Kowalski Wiśniewski/wisniewski Wójcik/wojcik Kowalczyk Kamiński/kaminski Lewandowski \
            Zieliński/zielinski Szymański/szymanski Woźniak/wozniak Dąbrowski/dabrowski Kozłowski/kozlowski Mazur \
            Jankowski Krawczyk",
    },
    Culture {
        share: 12,
        locale: "en",
        family_first: false,
        first: "Manish Aarav Priya Arjun Ananya Rahul Divya Rohan Kavya Vikram Madhuri Aditya Ishita Karthik Meera \
            Siddharth Lakshmi Rajesh Sunita Suresh Pooja Nikhil Deepika Harpreet Gurpreet",
        family: "Sharma Patel Singh Kumar Gupta Reddy Iyer Nair Mehta Joshi Rao Das Verma Mishra Chatterjee Banerjee \
            Mukherjee Kaur Khan Pillai Desai Shah Malhotra Agarwal Krishnan",
    },
    Culture {
        share: 7,
        locale: "zh",
        family_first: true,
        first: "伟/wei 芳/fang 娜/na 敏/min 静/jing 强/qiang 磊/lei 洋/yang 艳/yan 勇/yong 军/jun 杰/jie 娟/juan 涛/tao 明/ming \
            超/chao 秀英/xiuying 霞/xia 平/ping 刚/gang 桂英/guiying",
        family: "王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 赵/zhao 黄/huang 周/zhou 吴/wu 徐/xu 孙/sun 胡/hu 朱/zhu 高/gao \
            林/lin 何/he 郭/guo 马/ma 罗/luo",
    },
    Culture {
        share: 4,
        locale: "ja",
        family_first: true,
        first: "真理子/mariko 陽翔/haruto 陽葵/himari 蓮/ren 凛/rin 湊/minato 結菜/yuina 蒼/ao 葵/aoi 悠真/yuma 紬/tsumugi \
            大翔/hiroto 美咲/misaki 健太/kenta 愛/ai 翔太/shota 誠/makoto",
        family: "佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 伊藤/ito 渡辺/watanabe 山本/yamamoto 中村/nakamura 小林/kobayashi \
            加藤/kato 吉田/yoshida 山田/yamada 松本/matsumoto 井上/inoue 木村/kimura",
    },
    Culture {
        share: 4,
        locale: "ar",
        family_first: false,
        first: "مريم/maryam محمد/mohamed أحمد/ahmed فاطمة/fatima علي/ali عمر/omar نور/nour يوسف/youssef سارة/sara \
            خالد/khaled ليلى/layla حسن/hassan هدى/huda إبراهيم/ibrahim زينب/zainab",
        family: "الحسن/alhassan المصري/almasri الخطيب/alkhatib حداد/haddad خوري/khoury منصور/mansour الأحمد/alahmad \
            سليمان/suleiman عباس/abbas العلي/alali درويش/darwish ناصر/nasser",
    },
];
