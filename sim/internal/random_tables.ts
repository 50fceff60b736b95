/*
 * Constant tables of the generator and of its ziggurats, as little-endian 32-bit words.
 * Source: D. P. Mitchell, J. A. Reeds (additive lagged Fibonacci generator); G. Marsaglia,
 * W. W. Tsang, "The ziggurat method for generating random variables", 2000.
 */

/** What is mixed into a seeded state: 607 words of 64 bits, low half first. */
export const SEED_WORDS = new Uint32Array(
  decode(
    "6v+Y6zNK98VbX5a6QUp7wA+vgcsTxV4T65VDp1z7BEqOzxB3HIPop8PBN4/o5F19qYX/Q3fPIWNh+Z9qVQbLQtLX" +
      "6EDRyCZuoPoRNB9Rp0lVUKYiSXftcVwt6l/Gn1ydaEMBSjmrvT8LNJJpWTP6cAJqps5O+xCuitG8i6m8n/esgKMu" +
      "scz3lxsr88qU15EBryzjJDQyaj8rFAEfksxCxmiA80+fhiKhIDmvJxGjsaWWncK9+aQHW4YlgSk8lypq4VJ699sz" +
      "pGqeyYo7biGUg3yZW1HFqYDbaffL8+/ywwMMIf/uMeS1pvVTKZk0U8gO6dEQ3zIUai5JsdFZmWLkvVF5OHY4TJln" +
      "Y66bVWHUFQ53oNLpxJa/vfMg2mqGYk+wv5fbRhbakCF6lTIYPIdxUEuQ2hk6UDs+KIXH8qWI4zN36NAZrAvHvnLw" +
      "G/hwaSUAhqhP9hSK0fdMc9S0ePlupI6nJzFX8S94puub1QobJAAvW+kfWUnF2jktTIjy+pVhXTTvsL0rnFYe4oxQ" +
      "OWCLC7vSNVRwdhXv99jx9QqQXh031H99GC2QHnnr4I98eyJ/mLvrAWIOeThx4SJ5rI6BREDT2lDF1lgGmpZyzJS4" +
      "v4S9KbPjQVGFp0bnurFWFbOcSW9o+QSQoDxph1B+bRRQDHDJWpP/2DXN2FQVqrQYmN6g2jNk/X7zTVbgsgWt6ZH1" +
      "KT742wvrZxfymVJTknIkuOtMXlqXRea6K8M7XBV46uxu6KxXU14pTgi7rU+aapCLyWNE9moIUP381hn9rIUDrZ86" +
      "0eGl1Oa7nAObtzOfCfw1WgyEJCJ42c8a1UW8OE4XPk7eVJ8v+FMO77OHCvoN4WmXQ3vs2QnqEVBMzMfDnlHV4xPE" +
      "D5lHC+Jbzs9+4Ac/viIZt7jQ0qVhx3zIH+oeRd3W8ffeXlDIBekcAI7Xbvu6aPRENgrM19ApRC7bMcIU0z2UkJrN" +
      "HOLRwo8o9WlIZrWPFk5gb8Xd9vqxsKvkUUEnuafO6EeW7N5hvn0YQqd2PA54SUCNd4AT5GzCRkRxkgtw5xnAW0dl" +
      "F23YYB14CA7gcfXV6Q8Pn1duiDO/Ym5H5rROUv8McYylmTiepVboJJoYg1eLfJ9UFAACBpxTCJhnVFGy7ln8uBSm" +
      "mYSL/4/zIlI9OucrpvU4SEwrg4KLUN74L2jHnxD1DD/FXPGtHNMmWGtACQVywfqWvBBScQDp+5PTNjX+BAdK+67M" +
      "bptcxhlAvpIwx6+L6ol415m18AebWPq4SQreGPAPg8lxThcv3YVnooC3cLS+YrEjYbemICKDxc0kve+RIyazJlC3" +
      "e/vQBB+arxw90CHprrwJ+fClC44cne18qkb5tmJ6nqfY/BQ/6LwFz8Q6xDegCKB5xUXQEnlSjohTQBd7nyiyoI/4" +
      "2r0CIF2v+1GER8oSqAPkilCknzI3on4NCPK2Ar8EP8sz7TmKPmSWxxlkW9ee15L9rOhYssghaCEx6UZ7/zo96Wor" +
      "t/yMhbA2ZxH/5588Xq6lwhw5lcP0KnZ2628H/cTmc+ftMfu171Cu/NtZMyR/bdsPDjRA55Nxkt3GpHMf9Y9mqRz6" +
      "bktTlEEN1yBFcmrAkgUSGb0WzTDc1iwMWGtFje8phGoNvGJcXjnpuKlOdEjhroRcghTvGDTicTq3Mh5KwChSxCdv" +
      "7g+h5NLgOy5ORghg4YL0Z7sjJ3Mk6EG1EQ/Xryp9DPl9rho5LBSW9OFUdEL6JfYOQB0Tns4QZpYGmdrMwdc0WUUi" +
      "IJLatzlCQeZWVSf2kZCftL2KKGQ9a5GCoG8Gx6HQUp+h8Iz7bGYqZIOtY7AdmJ2MSn62WGGi32PfwuzrNv48zv9k" +
      "U6Ur6+S20Rd3DZ4X0m/bRyI2t6JxuTvFENUlz+XbYVJzc60oD5OL638EAd2VWlq0WHNAsa0wgxBMeHZHtH8GVAfr" +
      "9OggG9nAx7ZAXyfcJw97pt34LXOFyITErzcmtjH2i4NJhslhWH8nMO4fBt9VFKwtBSLTlemueOSGBNN6RdHOSh8i" +
      "ZzK4ZjUsBQeYR7mgfqdQUwKo05wW/MJ+GkIApylRsDonV/JDn3H79+S6SL+46FfYWxxZ83FpGJTV2hRwQpytilE/" +
      "GIKOzLjDQ0y335JvVrofmKzANVTFqqwHj7zLOBCIsF9zur5sVbVD8tSf5zswnxRjdSRxH0PeqvZLwsu2V6XSTHLe" +
      "acF1abwhNIF2DPSM98qfFRJKYt088T4NORsE0HPVBuitO9mL6mnyYc14Pa+LV8mdaH86qRgzNVK+vRxQpy0AErGb" +
      "jERtW7Qx8mbKZmUD5De34ulRnrjPaJscVIdGcMk3KV2jKN8otbBEaXWy/oucTiPCQ0HCKY8GAo1Pef30feUV32jw" +
      "kAUJwI2rrZit5AaklIGCsVVBP3T/1CcwRs5FCOxoESMG0znDwIZJmAGuWg6YVjaYYcwaBT2vErK0tnrhbHBK8apw" +
      "QDrelcnLRzVfVujp2bgCYjSs2x0Y6kmKQc5TKLm8p1M6b6FGJROqomIoyUtjZsHWcaCTvM5q/5JR6mypgDJAeiRa" +
      "ZoGPOxhaZOTA0oBMKyKmOrpYTT2ehWPlL8uJg6K55P4SlbgMooO9DLNhsJHWywmfrPP4ujmIuMTR7bMD310J7YLL" +
      "xJQm9mDTm4e5A8bQV2ZCgPfaWIWrMp5iG9t/yOEvhhbVOHnXAOxZJ5ZWOuPZkEsXL8gbBYZc0srrXTur2zWb3dBr" +
      "dqiHFMqDtiZfQlP2dqBAKzxdNNb4corpZHRBeE7qPt0CL3d4UkLof5dAYh0rktQa8Psp6k6LKpyVygI4UxChfMpp" +
      "2XskV2NJNmsysqdcZAd8f3tn4wqlP8a42Ec5cHT9t6B54IzcoLEfI3duybdCM7YWJ4Dm1wmpOc3d7MoZW2gnFE23" +
      "kY7SbJycVDoNDnn7wZERthu4vdNnfhHi9okN/JbTIutJsPusfkXVTWX1m5fhHcooXVinbENdedkYMobi19NFFp3P" +
      "PL6nL7DMnnvhp7cfgsIp2c4fKysNMWReN5Ba2L19IhEWajPLzXD4uvUlaWNecYRLJdDgQ0eSIXd1xQ4Icdn7WA/k" +
      "XhfhvK1bNsx4PZUykIN2oJWEUztqOdPAiY+miNiIHKibY4GnXHecja8/kyidUT8NxOrEfd/H2DH+AdvWfTgDgG0D" +
      "lwoiaPchBowHJwh6zKjWWWB1RvgqV+oqw/n9yTYBkRzihRMR/t0+x9+Ho6aiue15+/bF3HrRVtXHoyhr+Qkn92rO" +
      "jULwaS1VFsKSmr60u5xdHPTK9q43T5ip180QEUPTyh3Ms+UdfDzZq15ipxGDBCweqAy0HORe/L8d5WhbOEP/ovnU" +
      "cB9q01zLsCe5zOrK5BDgY0Gu3T/gHsmoUlR/DssMl1hUMWF+dUwFEAscgosIBoT5Ec9ExE1rL2CntzYlf/kmodWG" +
      "FzOT23KDcM2pydpRJFQHWufXBJFlKA2h5aSv5rj4y+skkCMl84AzfBMIX0JeqRgRozIeK4BAYQtkvV8cK/HQPH6W" +
      "p7m6f+iJEANBCD66s/sb8WvTHA2tw387w1m3aNn0sr8C0gVJVnWETIP6NmIqC6jg4zqDGme4pYaN5Y/rKIhgeRfn" +
      "IVefyysD3hZ+3OUk0hKV1OBRgovmKaMIywh1SsArJZ0ySKY1+IWoGeyX95knTRDt8nbArTpEF2fkd+J9NYlsnTy2" +
      "rgd5rzVb2wTga84n2PFb2SgCv5tjs+Ele+ExriW5fZWeQukjJWh+PKtfDpUzWZ+/cTbqKiwQMjlD79Kywch/xx7S" +
      "fg1HYo70gBJf6kKuEfPNR7cXjoP6qQ4GAeCE/MxbjFCnrGP5BD+EoKqjpdPr6KT3Sfls30H93muHInye5gdPciTB" +
      "tKZaPfINR7+4kPWZIDWYKT1llVj0kMwR0fgoq6ENVQPbNBsrXMxCeACErJQ2m7cILG75hAvVcr+Q9Qjr+HlwlHII" +
      "BYIht2xpp9U2rMlbiNThl/55tYi4bP3kBFIQgpRiATe5Fgh57zxWZRO+JnqnvSio3RQTho/7z1uuA7i3oghAMTLQ" +
      "HqnI0z7sZ7igAQCH5d2TsPnB9uR4gwu87GsIjsf8b8CXUXWe+ATyNO4FZyRMJhbVgnWSxzwTRnWke+Gz4rSqXBsR" +
      "P6NeJUMUFo49opyB0ESzKPFITSCrOfsi0WyqNo8jvxApXLqbX+AQrK6QyirkD7C2VJ3LzQ96OGSP6Ak2RwFfIFrE" +
      "Lci4to7taMesI/1DDZIl8mR5gYparb0lq1oBue+cvH49c+qkj+cePKQieXXRhQ7jIf6B4MU9EmFmTmd5EMGG3Pu5" +
      "Grk/lxiJKoxtylXu1AC1tRVSbUcA1Spt6uKzaFD8hcsj3RCpXSBbd582EV6bl9fqZX10csgr553BKqqDupbVa6DT" +
      "EIcloudDkxbZ+7wCc2JrJJnN7ogCAzwtGzBLI7/sMQldCWE8mETkU+Lq+8EQiNI5btX4m3AnhXUyXgLvbbKlxjvY" +
      "gTtrp1hz8ToOdDd4IQxhkQRauntw6U7ANLIkwxLPgXTW6N8U3hIHqME9BeRlYgXNRpYj4l3+hVvtyQDKFJUw5jTA" +
      "vek16qmxXKVMzxgUrF1Yg/od53q25r/GmBWElYBq3u3TCGGmdIBHjMQBJkko+/RJuKznZZoeH2xfo6PgIPLDRH4N" +
      "FqyXJ0LEFSytEVrVvqmNrFLeLL69KQz7OBbQbkiiWFCij90f6XtQzxghSskGbeVJtvy58hm+Aufv3dAQo21waOd/" +
      "Gda0nWPrhNRt6aihFln4gv09gKJGTGTXRAoaOmKqUrWLGCUaEb0gxhirPvqZ6hDdTk/SM2zMNmUlOW046KEr+551" +
      "fmBxYGx8Pbseki9pho8Ia7qWedL+6uoqvbKsEKvz3sIMtyvbtrCEEhwrkv+9W9vE1NceJKCgkIFbP67PYH5F9nkb" +
      "kR4YlIwxXKDV4zOwcaaANFWnuvtelXl117DG0PbJdydDLGb2wiEPKrybhkW8tIbCSdJuyLFm4j3FQgnojkeWBRuu" +
      "5i6LYdNvd+pdPjoHCD+vcW4d0Ed4Dv6q+8SvgR/NQMl4B8ZxviQhlmoE37bCHc9sD5WTTpTQB0CjHgRnx+LGdmUg" +
      "yfkbUlFecdcremuGQTZ5jDx1l3rkZUp4GazaUuv3c3wLEdMHtynEvD8na6YKVHVayC0wFt7kVgpw00DI/1vQ/ANT" +
      "h9aIJeOlBu2+qzpqY/gmZYp1OCDm6Np6vgEK9MRbx760ycPBnwrOaXrcZKrbCjyFP/m21TmOZbhIvoXLB/OIzDNS" +
      "BORGZ1aM9IGSERE+Lyvn5tUzQ3tdreNuXuNEvwr46zssN5Yp+j1PMk8p04TVAAmmyBfg0weXs8838lYKCdE800Nd" +
      "YOXHeuH6GUStDm8QwMi+YCp7A6i7iX1VphI8mJlpUWP81Imy7CkijYgIwz5O3KdWEXyMGJIkEFr4HHgCZUdEC8Gx" +
      "s11djrceqTti9r8VZZzwo7soanHxMC/JB3b0162dhzR4kASemXDblZfFEaajinUVQ8d0mjkybxFATG1T0Jeth8Wa" +
      "U1LDWYnydRYaHySDnmH1eG2MrffvY+XP8SodS8nlEiKdPx+2N3tGPQJ+a+nuq612q/rRYmuS2V35z3bbciGmeKI6" +
      "Z8jIGeWrgpl+hfXxjRHCNIBsE0C2dnP6L96aokzQp5h+53dNsBSfbaFH7YsErT1LMTIdk+TlnkwKPfNDpev0uibZ" +
      "c3Ogrzp5Mpqz5g+mbpjmYWNmTzQf48tJwETcvhzyA1Re66BS98QgBUF94pkbr93DuOWgQCdZl2xE+6VO/ASm569H" +
      "f1huraSEg3sTLFTeXB4wew/8Dyr0il0KMEcFgnnAfQjCOcbTtiuacKh8RgreNtq0a7tC4nYDyR5TsHlg90MY3JjP" +
      "jAXBrhGwF7QXhBtk3fBP3d7sMuhJIyiHN4z76OcWiLvw1fTC2A9IULaFbQt2T3OqRX0UCNJThUJiWcTnaBmgKw5A" +
      "AGD3o7kZfgcMA2Rhj1UXHZ/F5sBIMXV5Q9g77/LSd5pv4QGHjbhuZmiGKDTO53JVB9aRVLGCjetUvusap2XCdwee" +
      "Pm/d3UdJhlV5XGP+jWKb+T/UOT5nIiL1jMdtCH5jZpx+n2bjN+446K+kR7vXkr234tvfq54f0cG18mrKTzIpG1tS" +
      "UqHkWQ50dY0K0ZF82JXKfzpTfMzbsYZz9/tmEr3D0Ua6ZppoGnC1JLFx1ktNwK6eCv1DLFVl4eQXMRRYI6xIErvF" +
      "WIPFCuOAvXf2qo9/8KQncpn8UOGwnF3MSKhBm+SwHnEKZHg5yh2gv/xkhMdr/y+rCphe5kKqUGdcOfTzlZZM6n8o" +
      "ikL2SRc2FpWUIZ+ZktV3yfhfk/bZZlHEqRxDj6ID9afsEL5Rw6PTUemWKBaA4Hn1JCggWzjpteUMxrBZSh66+wey" +
      "qilYZd6oLjiLx40E3uHX33rMllpTdDvwXnOboVd+xiXAMToKoDk=",
  ),
);

/** Normal ziggurat, 128 layers: below this bound a draw is accepted at once. */
export const NORMAL_BOUND = new Uint32Array(
  decode(
    "EiKtdgAAAABTGw9gpkfkbKJGW3IdBWB16yFJd70lmnjDRZB5Xc5Lep9i33qmglZ7xqi4eyLnCnznzFB8W+yMfNYs" +
      "wXzS/u58C34XfYOIO31szlt9ZN14fYYok31XDqt9MN3AfYjW1H2FMed96hz4faPAB376PhZ+h7Ujfv09MH7C7jt+" +
      "d9tGfl0VUX6zq1p+96tjfiwibH4GGXR+GJp7fvqtgn5jXIl+S6yPfvujlX4kSZt+76Cgfg2wpX7Deqp+8wSvfipS" +
      "s36lZbd+WUK7fv3qvn4KYsJ+xKnFfkHEyH5ls8t+7XjOfnEW0X5ijdN+Et/VfrQM2H5cF9p+BQDcfo7H3X6/bt9+" +
      "R/bgfr5e4n6pqON+c9Tkfnbi5X710uZ+IKbnfhBc6H7N9Oh+R3DpflnO6X7KDup+RzHqfmg16n6rGup+ceDpfgKG" +
      "6X6ICul+CG3ofmqs535px+Z+nLzlfmeK5H78LuN+V6jhfi/03376D95+2fjbfpSr2X6NJNd+rl/UflxY0X5fCc5+" +
      "y2zKfuJ7xn7uLsJ+Gn29fjVcuH51wLJ+IJysfiffpX6fdp5+FkyWfrpEjX4zQIN+KBd4fjOZa34ail1+7Z1Nfnpz" +
      "O34vjCZ+9T8Ofl2q8X1yjM99Hhqmffugcn2X4DB9q7TZfBoPYHzcC6l7diFyeuVk1nc=",
  ),
);

/** Normal ziggurat: width of a layer per unit of the draw. */
export const NORMAL_WIDTH = new Float32Array(
  decode(
    "NKPtMKRtCy9Jyjkvf2RaL7tydC+3SYUvcwaPL2vMly/31Z8vYEqnL39Fri/Z27QvCx27L0MVwS81zsYvw0/ML2mg" +
      "0S+TxdYv1MPbLxaf4C+1WuUvoPnpL2Z+7i9I6/IvR0L3LyyF+y+Rtf8vdOoBMD/yAzDC8gUwiewHMBLgCTDUzQsw" +
      "OrYNMKqZDzCAeBEwFFMTMLgpFTC4/BYwXcwYMOyYGjCkYhwwwykeMIXuHzAgsSEwzHEjMLswJTAf7iYwKKooMAZl" +
      "KjDkHiww8dctMFWQLzA9SDEw0f8yMDu3NDCibjYwLyY4MAreOTBbljswSE89MPoIPzCYw0AwSn9CMDk8RDCO+kUw" +
      "cbpHMA18STCNP0swHAVNMOfMTjAcl1Aw6mNSMIIzVDAWBlYw2ttXMAS1WTDLkVswanJdMB5XXzAnQGEwxi1jMEIg" +
      "ZTDmF2cw/RRpMNsXazDVIG0wSjBvMJpGcTAtZHMwdYl1MOe2dzAF7XkwWCx8MHZ1fjB/ZIAw0ZOBMA/JgjCgBIQw" +
      "90aFMI+QhjDy4YcwuTuJMIueijAmC4wwXIKNMBoFjzBvlJAwjDGSMNHdkzDVmpUwcGqXMMxOmTB6SpswjmCdMMKU" +
      "nzCu66EwDGukMCsapzCQAqow9zCtMAC3sDAWrrQw7zy5MPaivjCfU8UwBkfOMOJT3DA=",
  ),
);

/** Normal ziggurat: density at the edge of a layer. */
export const NORMAL_DENSITY = new Float32Array(
  decode(
    "AACAP3iudj85sG8/Or1pP5JsZD/bjF8/FgJbP4a6Vj8MqlI/8MdOP6YNSz8edkc/U/1DPwOgQD99Wz0/gi06PysU" +
      "Nz/WDTQ/GBkxP7c0Lj+dXys/1JgoP4TfJT/nMiM/T5IgPxz9HT+9chs/sfIYP318Fj+1DxQ/86sRP9lQDz8S/gw/" +
      "TLMKPz5wCD+hNAY/NgAEP8DSAT8NWP8+pxf7Puzj9j59vPI+AqHuPiiR6j6gjOY+IJPiPmCk3j4ewNo+HObWPhsW" +
      "0z7lT88+QpPLPv7fxz7pNcQ+1JTAPpL8vD74bLk+3uW1Ph5nsj6S8K4+FoKrPoobqD7MvKQ+v2WhPkQWnj5Bzpo+" +
      "mI2XPjJUlD71IZE+y/aNPpzSij5UtYc+3p6EPiePgT46DH0+Wwd3PpEPcT68JGs+wEZlPn91Xz7fsFk+yPhTPiJN" +
      "Tj7XrUg+1RpDPgeUPT5eGTg+yqoyPj5ILT6t8Sc+DaciPlVoHT5/NRg+hQ4TPmTzDT4b5Ag+quADPibS/T23+vM9" +
      "FjvqPVaT4D2PA9c934vNPWssxD1f5bo967axPUyhqD3EpJ89ocGWPTv4jT34SIU9mmh5PXt1aD3GuVc92jZHPU/u" +
      "Nj3+4SY9FhQXPSqHBz2pfPA8vXrSPP0RtTx3Tpg8QoB4PF/6QTy2TQ08WNS1O/L0Ljs=",
  ),
);

/** Exponential ziggurat, 256 layers: below this bound a draw is accepted at once. */
export const EXP_BOUND = new Uint32Array(
  decode(
    "OaGQ4gAAAAC83uqbcax3w5C53dS4P4nefOio5Grx3+ir3vLr6KZJ7v1OIPCO25vxu1jU8ksQ2vN4bbj0iq139T3o" +
      "HfaEt6/2c6Uw91F2o/e2Wwr4nRhn+E8bu/hikAf5ynBN+X2MjfmKksj5Wxf/+ZaZMfr4hWD6YjqM+k4ItfrINtv6" +
      "EAT/+uqmIPu0T0D7USle++lZevuMA5X7ukSu+9g4xvuS+Nz7MJry+98xB/zt0Rr8Aost/E1sP/ysg1D80d1g/GKG" +
      "cPwQiH/8tOyN/GK9m/x8Aqn8w8O1/GQIwvwK18384zXZ/LAq5PzOuu78O+v4/KDAAv1ZPwz9e2sV/dZIHv3/2ib9" +
      "UiUv/fcqN/3l7j7953NG/Z68Tf2Fy1T98qJb/RtFYv0VtGj92vFu/UcAdf0g4Xr9EpaA/bQghv2Fgov99byQ/V7R" +
      "lf0LwZr9No2f/Qg3pP2ev6j9Biit/UFxsf1GnLX9/am5/Uabvf32cMH92CvF/azMyP0tVMz9C8PP/e8Z0/16Wdb9" +
      "RYLZ/eWU3P3mkd/9znni/R9N5f1SDOj93rfq/TRQ7f2+1e/940jy/Qaq9P2E+fb9tjf5/fRk+/2Ngf390I3//QiK" +
      "Af56dgP+bFMF/hwhB/7J3wj+q48K/vswDP7sww3+sUgP/na/EP5pKBL+tIMT/nzRFP7nERb+FkUX/iprGP4+hBn+" +
      "cJAa/taPG/6Jghz+m2gd/iBCHv4mDx/+vM8f/u2DIP7DKyH+Rcch/nhWIv5f2SL++08j/kq6I/5JGCT+8mkk/jyv" +
      "JP4e6CT+ixQl/nQ0Jf7HRyX+cE4l/lpIJf5qNSX+hhUl/o/oJP5kriT+4WYk/t8RJP40ryP+tD4j/izAIv5rMyL+" +
      "OJgh/ljuIP6MNSD+km0f/iGWHv7wrh3+rLcc/gKwG/6Ylxr+DW4Z/v0yGP7+5Rb+nYYV/mQUFP7TjhL+ZfUQ/oxH" +
      "D/6xhA3+NqwL/nO9Cf61twf+QJoF/kxkA/4EFQH+iKv+/ekm/P0phvn9O8j2/QHs8/1K8PD90dPt/T2V6v0eM+f9" +
      "6avj/fv93/2RJ9z9zSbY/aj50/38nc/9dhHL/ZhRxv2zW8H94iy8/QbCtv2+F7H9Yyqr/f31pP1Adp79eqaX/ZKB" +
      "kP3yAYn9giGB/Y7ZeP27InD97fRm/TJHXf2cD1P9K0NI/ZrVPP02uTD9pN4j/Z40Fv2jpwf9myH4/FuJ5/wgwtX8" +
      "26rC/F4drvxO7Zf81OZ//PPMZfxiV0n8yC8q/BnuB/zBE+L7GgW4+3gAifulEVT7BQAY+4I00/p2koP6Mjsm+hwt" +
      "t/mioTD5I/CJ+NJ3tfcMZZz28DAV9TwOy/Jdse/uz27a5g==",
  ),
);

/** Exponential ziggurat: width of a layer per unit of the draw. */
export const EXP_WIDTH = new Float32Array(
  decode(
    "ZScLMezEgi2StdYtrZkMLjcXKS6IhEIuj8ZZLsZmby6C34Eu2YaLLhXAlC5InJ0uriimLsVvri4IerYub06+Lsvy" +
      "xS4DbM0uRr7ULi/t2y7f++IuEu3pLjTD8C5mgPcukyb+LrdbAi9CmgUvnM8IL2f8Cy83IQ8vkz4SL/dUFS/VZBgv" +
      "l24bL59yHi9GcSEv42okL8NfJy8xUCovcjwtL8YkMC9rCTMvm+o1L4zIOC9xozsvfHs+L9tQQS+5I0QvQ/RGL57C" +
      "SS/yjkwvZFlPLxYiUi8r6VQvwq5XL/xyWi/2NV0vzfdfL524Yi+BeGUvlDdoL/D1ai+rs20v4HBwL6Qtcy8P6nUv" +
      "N6Z4LzFiey8THn4v+WyAL/DKgS/5KIMvHoeEL2jlhS/hQ4cvkqKIL4MBii+/YIsvTcCMLzcgji+FgI8vP+GQL25C" +
      "ki8apJMvTAaVLwtpli9hzJcvVDCZL+2Umi81+psvMmCdL+7Gni9wLqAvv5ahL+X/oi/oaaQv0dSlL6hApy90ragv" +
      "PhuqLw6Kqy/r+awv32quL/Dcry8nULEvjcSyLyk6tC8EsbUvJim3L5miuC9jHbovj5m7LyQXvS8rlr4vrhbAL7aY" +
      "wS9LHMMvdqHEL0Ioxi+4sMcv4DrJL8bGyi9yVMwv7+PNL0d1zy+ECNEvsp3SL9o01C8HztUvRWnXL58G2S8gptov" +
      "1EfcL8fr3S8Fkt8vmjrhL5Tl4i//kuQv6ELmL1z15y9qqukvH2LrL4sc7S+62e4vvpnwL6Rc8i99IvQvWev1L0i3" +
      "9y9bhvkvpVj7LzYu/S8gB/8vvHEAMKdhATBdUwIw5kYDME48BDCgMwUw5SwGMCsoBzB7JQgw4yQJMG8mCjAsKgsw" +
      "JzAMMG04DTANQw4wFVAPMJVfEDCbcREwN4YSMHudEzB3txQwPtQVMODzFjBzFhgwCDwZMLZkGjCQkBswrb8cMCTy" +
      "HTAMKB8wf2EgMJaeITBs3yIwHSQkMMVsJTCEuSYweAooMMRfKTCIuSow6hcsMBB7LTAg4y4wRVAwMKnCMTB7OjMw" +
      "6rc0MCk7NjBuxDcw7lM5MOfpOjCWhjwwPCo+MB/VPzCJh0EwyEFDMC4ERTAUz0Yw16JIMNp/SjCIZkwwUldOMLJS" +
      "UDAqWVIwRmtUMJyJVjDOtFgwi+1aMI80XTCnil8wsvBhMKJnZDB/8GYwa4xpMKM8bDCFAm8wk99xMHnVdDAT5ncw" +
      "dRN7MPJffjAW54AwjLCCMA6OhDCMgYYwQI2IMMOzijAe+Iww5V2PMF7pkTCtn5QwHIeXMHGnmjB2Cp4wu7yhML7O" +
      "pTDCVqow13OvMDtTtTCHOrww/5zEMOBOzzDzHN4wyU72MA==",
  ),
);

/** Exponential ziggurat: density at the edge of a layer. */
export const EXP_DENSITY = new Float32Array(
  decode(
    "AACAPy8qcD8zhWY/BChfP3gIWT/VtVM/ufROP46hSj8cpUY/RO9CP1F0Pz91Kzw/2w05PxoWNj/TPzM/bocwP+vp" +
      "LT/EZCs/0fUoPzabJj9YUyQ/zRwiP1n2Hz/i3h0/bdUbPxrZGT8f6Rc/xgQWP2krFD9xXBI/VpcQP5nbDj/GKA0/" +
      "c34LPz7cCT/KQQg/xK4GP9wiBT/KnQM/Rx8CPxanAD/waf4+bJH7PjfE+D7qAfY+KkrzPpyc8D7s+O0+zF7rPu/N" +
      "6D4PRuY+58bjPjdQ4T7B4d4+S3vcPp0c2j6Cxdc+x3XVPjst0z6x69A++7DOPvB8zD5lT8o+NCjIPjgHxj5M7MM+" +
      "TtfBPhvIvz6Vvr0+nLq7PhK8uT7awrc+2c61PvTfsz4S9rE+GRGwPvEwrj6DVaw+uX6qPnysqD643qY+WRWlPklQ" +
      "oz53j6E+0NKfPkIanj66ZZw+KbWaPn4ImT6pX5c+mrqVPkMZlD6Ue5I+gOGQPvhKjz7vt40+WCiMPiecij5OE4k+" +
      "w42HPngLhj5ijIQ+eBCDPqyXgT71IYA+kl59Pjt/ej7QpXc+QNJ0PncEcj5iPG8+8XlsPhG9aT6yBWc+wlNkPjOn" +
      "YT7z/14+9F1cPibBWT56KVc+4pZUPlAJUj63gE8+B/1MPjV+Sj4zBEg+9Y5FPm4eQz6TskA+Vks+Pq7oOz6Oijk+" +
      "6zA3PrvbND7zijI+iD4wPnD2LT6isis+E3MpPrs3Jz6PACU+hs0iPpieID68cx4+6UwcPhcqGj49Cxg+VPAVPlTZ" +
      "Ez40xhE+7bYPPnmrDT7Pows+6Z8JPr+fBz5MowU+h6oDPmy1AT7lh/89K6z7PZ3X9z0wCvQ92EPwPYmE7D04zOg9" +
      "2xrlPWhw4T3TzN09EzDaPR6a1j3qCtM9b4LPPaIAzD18hcg99BDFPQGjwT2cO749vNq6PVqAtz1vLLQ9896wPd+X" +
      "rT0uV6o92BynPdfooz0lu6A9vZOdPZlymj20V5c9CUOUPZM0kT1NLI49NCqLPUQuiD15OIU9z0iCPYa+fj2l93g9" +
      "9TxzPXKObT0Y7Gc941ViPdHLXD3eTVc9CtxRPVR2TD27HEc9Qc9BPeaNPD2sWDc9li8yPakSLT3oASg9Wf0iPQIF" +
      "Hj3sGBk9HjkUPaNlDz2Fngo90OMFPZM1AT22J/k8dP3vPIPs5jwL9d08NxfVPDhTzDxDqcM8jxm7PFyksjztSao8" +
      "jgqiPJHmmTxP3pE8K/KJPJAigjzv33Q8ybVlPNPHVjxTF0g8t6U5PJh0KzzGhR08T9sPPJF3AjyQuuo7Tx/RO/ok" +
      "uDu+1J876zmIO5zFYjtIxDY7XaMMO6tdyTpYkH064hjuOQ==",
  ),
);

function decode(base64: string): ArrayBuffer {
  return Uint8Array.fromBase64(base64).buffer;
}
